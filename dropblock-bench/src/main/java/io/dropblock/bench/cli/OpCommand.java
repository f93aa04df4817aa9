package io.dropblock.bench.cli;

import io.dropblock.bench.figure.TensorShape;
import io.dropblock.bench.op.OpJson;
import io.dropblock.bench.op.OpMeasurement;
import io.dropblock.bench.op.OpPlan;
import io.dropblock.bench.op.OpResults;
import io.dropblock.bench.op.OpTable;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The speed of the DropBlock op. */
@Command(
    name = "op",
    description =
        "Measures the DropBlock op beside a plain copy, ND4J's muli and a naive DropBlock.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Prints medians in ms, in copies of the same tensor, and the op's targets. Each",
      "case runs in a JVM of its own. Figures of a machine that does something else",
      "are not worth much.",
      "",
      "Example:",
      "  ./submit.sh bench op --shapes 32x256x28x28,32x1024x14x14 --threads 1,2 \\",
      "      --json op.json"
    })
final class OpCommand implements Callable<Integer> {
  @Option(
      names = "--shapes",
      paramLabel = "NxCxHxW",
      split = ",",
      converter = Shape.class,
      description = "Shapes of the tensor. Default: five of the paper's networks.")
  private List<TensorShape> shapes = TensorShape.DEFAULTS;

  @Option(
      names = "--threads",
      paramLabel = "N",
      split = ",",
      description = "Numbers of threads. Default: 1, and 2 where there are two processors.")
  private List<Integer> threads =
      IntStream.rangeClosed(1, Math.min(2, MeasurementOptions.PROCESSORS)).boxed().toList();

  @Mixin private MeasurementOptions options;

  @Override
  public Integer call() throws IOException {
    OpPlan plan = plan();
    options.requireWritable();
    OpResults results = OpMeasurement.run(plan, System.err);
    System.out.print(OpTable.of(results));
    options.write(path -> OpJson.write(results, path));
    return 0;
  }

  OpPlan plan() {
    threads.forEach(options::requireThreads);
    return options.quick() ? OpPlan.quick(shapes, threads) : OpPlan.thorough(shapes, threads);
  }

  private static final class Shape implements ITypeConverter<TensorShape> {
    @Override
    public TensorShape convert(String text) {
      try {
        return TensorShape.parse(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }
}
