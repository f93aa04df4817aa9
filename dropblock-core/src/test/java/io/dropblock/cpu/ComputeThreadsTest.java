package io.dropblock.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ops.executioner.OpExecutioner.ExecutionerType;
import org.nd4j.linalg.factory.Nd4j;

/** Which threads then work is counted in an executor, by the other module's RankCoresIT. */
class ComputeThreadsTest {

  @Test
  void holdForTheCallingThreadAlone() throws Exception {
    ExecutorService other = Executors.newSingleThreadExecutor();
    int blas = Nd4j.factory().blas().getMaxThreads();
    int before = ComputeThreads.count();
    try {
      other.submit(() -> ComputeThreads.set(before + 2)).get();
      assertThat(other.submit(ComputeThreads::count).get()).isEqualTo(before + 2);
      assertThat(Nd4j.factory().blas().getMaxThreads()).isEqualTo(before + 2);
      assertThat(ComputeThreads.count()).isEqualTo(before);
    } finally {
      Nd4j.factory().blas().setMaxThreads(blas);
      other.shutdown();
    }
  }

  @Test
  void theNumberOfAGpuBackendIsAnotherThing() {
    assertThat(ComputeThreads.isOpenMp(ExecutionerType.NATIVE_CPU)).isTrue();
    assertThat(ComputeThreads.isOpenMp(ExecutionerType.CUDA)).isFalse();
  }

  @Test
  void noThreadIsTooFew() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ComputeThreads.set(0))
        .withMessage("Invalid number of threads: 0");
  }
}
