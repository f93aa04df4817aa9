package io.dropblock.bench.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.bench.figure.MeasurementException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProcessMemoryTest {
  @Test
  void readsMebibytes() {
    List<String> status = List.of("Name:\tjava", "VmHWM:\t    2048 kB", "VmRSS:\t    1024 kB");

    assertThat(ProcessMemory.of(status, "VmHWM")).isEqualTo(2);
    assertThatThrownBy(() -> ProcessMemory.of(status, "VmSize"))
        .isInstanceOf(MeasurementException.class)
        .hasMessage("Cannot read memory: /proc/self/status has no VmSize");
  }

  @Test
  void thePeakIsNoLessThanWhatIsThere() {
    double resident = ProcessMemory.resident();

    assertThat(resident).isPositive();
    assertThat(ProcessMemory.peak()).isGreaterThanOrEqualTo(resident);
  }
}
