package io.dropblock.bench.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.bench.step.workload.StepKind;
import io.dropblock.bench.step.workload.StepModel;
import io.dropblock.model.Architecture;
import io.dropblock.model.CifarResNet;
import io.dropblock.model.DetectionHead;
import io.dropblock.model.NormSettings;
import io.dropblock.model.Regularization;
import io.dropblock.model.ResNet;
import java.util.List;
import org.junit.jupiter.api.Test;

class StepPlanTest {
  @Test
  void readsTheNamesOfModels() {
    assertThat(StepModel.parse("resnet101").architecture())
        .isEqualTo(Architecture.classifier(new ResNet(101), 1000));
    assertThat(StepModel.parse("resnet101").size()).isEqualTo(224);
    assertThat(StepModel.parse("cifar-resnet56").architecture())
        .isEqualTo(Architecture.classifier(new CifarResNet(56), 10));
    assertThat(StepModel.parse("cifar-resnet56").classes()).isEqualTo(10);
    for (String name : List.of("", "vgg16", "resnet", "resnet050", "ResNet50", "resnet50 ")) {
      assertThatThrownBy(() -> StepModel.parse(name))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "Unknown model: '"
                  + name
                  + "', write resnet50, resnet101, resnet152, cifar-resnet20, segmentation-r50,"
                  + " segmentation-r101, retinanet-r50, retinanet-r101, amoebanet-b,"
                  + " amoebanet-b-6-256 or amoebanet-toy");
    }
    assertThatThrownBy(() -> StepModel.parse("resnet51"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid ResNet depth: 51 is none of 50, 101, 152");
  }

  @Test
  void readsADetector() {
    StepModel model = StepModel.parse("retinanet-r101");
    assertThat(model.architecture())
        .isEqualTo(new Architecture(new ResNet(101), new DetectionHead(90), NormSettings.PYRAMID));
    assertThat(model.size()).isEqualTo(640);
    assertThat(model.classes()).isEqualTo(90);
    assertThat(model.dropBlock()).isEqualTo(Regularization.dropBlock(5, List.of(3, 4)));
  }

  @Test
  void ranksShareTheThreads() {
    assertThat(plan(8, 4, 2).setups())
        .containsExactly(new StepSetup(StepCase.OURS, 1, 4), new StepSetup(StepCase.RANKS, 2, 2));
    assertThat(plan(8, 4, 1).setups()).containsExactly(new StepSetup(StepCase.OURS, 1, 4));
    assertThatThrownBy(() -> plan(8, 4, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid number of ranks: 3, the number of threads, 4, is no multiple of it");
  }

  @Test
  void stockRunsWithoutHelpers() {
    StepPlan plan = SampleSteps.plan(2, true);

    assertThat(plan.setups())
        .extracting(setup -> plan.job(StepKind.TRAINING, setup).workload().helpers())
        .containsExactly(true, false, true);
  }

  @Test
  void refusesWhatCannotBeMeasured() {
    assertThatThrownBy(() -> plan(0, 1, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid batch: 0 is below 1");
    assertThatThrownBy(() -> plan(1, 0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid number of threads: 0 is below 1");
    assertThatThrownBy(() -> plan(20_000, 1, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid shape: 20000x3x224x224 has more than 2^31 - 1 elements");
    assertThatThrownBy(() -> new StepPace(1, 1, 2, 1, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid pace: 2 repetitions of 1 steps");
  }

  private static StepPlan plan(int batch, int threads, int ranks) {
    return new StepPlan(
        StepModel.parse("resnet50"), batch, 224, threads, ranks, false, false, StepPace.QUICK);
  }
}
