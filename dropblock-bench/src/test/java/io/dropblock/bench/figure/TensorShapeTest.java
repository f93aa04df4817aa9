package io.dropblock.bench.figure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class TensorShapeTest {
  @Test
  void textParsesBack() {
    for (TensorShape shape : TensorShape.DEFAULTS) {
      assertThat(TensorShape.parse(shape.toString())).isEqualTo(shape);
    }
    assertThat(TensorShape.parse("8x64x112x96")).isEqualTo(new TensorShape(8, 64, 112, 96));
  }

  @Test
  void refusesWhatIsNoShape() {
    for (String text :
        List.of("", "32", "32x256x28", "0x1x1x1", "1x1x1x1x1", "axbxcxd", "1x1x1x-1")) {
      assertThatThrownBy(() -> TensorShape.parse(text))
          .hasMessage("Invalid shape: '" + text + "', write it like 32x256x28x28");
    }
    assertThatThrownBy(() -> TensorShape.parse("64x1024x256x256"))
        .hasMessage("Invalid shape: 64x1024x256x256 has more than 2^31 - 1 elements");
  }
}
