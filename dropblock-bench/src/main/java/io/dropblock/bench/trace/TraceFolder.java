package io.dropblock.bench.trace;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dropblock.bench.figure.FigureFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A folder of NumPy's files, and {@code trace.json} last. */
record TraceFolder(Path path) {

  /** Writes an array to {@code <name>.npy}, dense in c order. */
  void write(String name, INDArray array) {
    Path file = path.resolve(name + ".npy");
    try {
      Files.createDirectories(file.getParent());
      Nd4j.writeAsNumpy(array.dup('c'), file.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + file + ": " + e.getMessage(), e);
    }
  }

  void write(ObjectNode text) throws IOException {
    FigureFile.write(text, path.resolve("trace.json"));
  }
}
