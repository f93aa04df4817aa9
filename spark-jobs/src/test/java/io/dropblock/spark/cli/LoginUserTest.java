package io.dropblock.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.apache.hadoop.security.UserGroupInformation;
import org.junit.jupiter.api.Test;

class LoginUserTest {

  @Test
  void hadoopTakesTheNameThatItIsGiven() throws IOException {
    UserGroupInformation before = UserGroupInformation.getLoginUser();
    try {
      LoginUser.premain("user-4711");
      assertThat(UserGroupInformation.getCurrentUser().getShortUserName()).isEqualTo("user-4711");
    } finally {
      UserGroupInformation.setLoginUser(before);
    }
  }
}
