// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class TerminalTest {
  private static Properties said(String terminal, String columns) {
    Properties properties = new Properties();
    properties.setProperty("governance.terminal", terminal);
    properties.setProperty("governance.columns", columns);
    return properties;
  }

  @Test
  void nothingIsATerminalUntilTheScriptSaysSo() {
    assertThat(Terminal.of(new Properties(), Map.of()).paintErr()).isEqualTo(Paint.NONE);
    assertThat(Terminal.of(said(",err", "80"), Map.of()).paintOut()).isEqualTo(Paint.NONE);
    assertThat(Terminal.of(said(",err", "80"), Map.of()).paintErr()).isEqualTo(Paint.ANSI);
    assertThat(Terminal.of(said("out,err", "80"), Map.of()).paintOut()).isEqualTo(Paint.ANSI);
  }

  @Test
  void colourCanBeTurnedOff() {
    assertThat(Terminal.of(said("out", ""), Map.of("NO_COLOR", "1")).paintOut())
        .isEqualTo(Paint.NONE);
    assertThat(Terminal.of(said("out", ""), Map.of("TERM", "dumb")).paintOut())
        .isEqualTo(Paint.NONE);
  }

  @Test
  void theWidthHasBounds() {
    assertThat(Terminal.of(said("err", "72"), Map.of()).columns()).isEqualTo(72);
    assertThat(Terminal.of(said("err", "3"), Map.of()).columns()).isEqualTo(40);
    assertThat(Terminal.of(said("err", "wide"), Map.of()).columns()).isEqualTo(100);
  }
}
