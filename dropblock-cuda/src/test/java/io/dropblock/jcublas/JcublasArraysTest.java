package io.dropblock.jcublas;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.op.DeviceArrays;
import org.junit.jupiter.api.Test;

class JcublasArraysTest {

  @Test
  void areFoundAsAService() {
    assertThat(DeviceArrays.find()).get().isInstanceOf(JcublasArrays.class);
  }
}
