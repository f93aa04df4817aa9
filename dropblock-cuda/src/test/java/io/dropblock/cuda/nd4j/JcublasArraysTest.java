package io.dropblock.cuda.nd4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.cuda.DeviceArrays;
import org.junit.jupiter.api.Test;

class JcublasArraysTest {

  @Test
  void areFoundAsAService() {
    assertThat(DeviceArrays.find()).get().isInstanceOf(JcublasArrays.class);
  }
}
