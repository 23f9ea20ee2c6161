// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.RunId;
import io.agentgovernance.core.TrustTier;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.secret.SecretUnavailableException;
import io.agentgovernance.secret.SecretUnavailableException.Reason;
import io.agentgovernance.spi.SecretSource;
import io.agentgovernance.spi.TierCredentials;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.junit.jupiter.Testcontainers;
import org.testcontainers.utility.DockerImageName;

/** The same contract with the real thing, where Docker is. */
@Tag("docker")
@Testcontainers(disabledWithoutDocker = true)
class RealVaultTest {
  private static final String ROOT = "root-of-the-test";

  private final HttpClient http = HttpClient.newHttpClient();
  private GenericContainer<?> server;
  private URI address;

  private void start(String image) throws Exception {
    server =
        new GenericContainer<>(DockerImageName.parse(image))
            .withEnv("VAULT_DEV_ROOT_TOKEN_ID", ROOT)
            .withEnv("BAO_DEV_ROOT_TOKEN_ID", ROOT)
            .withExposedPorts(8200)
            .waitingFor(Wait.forHttp("/v1/sys/health").forPort(8200));
    server.start();
    address = URI.create("http://127.0.0.1:" + server.getMappedPort(8200));
    for (String policy :
        List.of(
            "governance-t0",
            "governance-t1",
            "governance-t2",
            "governance-t3",
            "governance-t4",
            "governance-orchestrator")) {
      admin("PUT", "sys/policies/acl/" + policy, Map.of("policy", PoliciesTest.text(policy)));
      if (!policy.endsWith("orchestrator")) {
        admin(
            "POST",
            "auth/token/roles/" + policy,
            Map.of(
                "allowed_policies", List.of(policy),
                "token_no_default_policy", true,
                "renewable", false,
                "orphan", false));
      }
    }
    admin("POST", "sys/auth/approle", Map.of("type", "approle"));
    admin(
        "POST",
        "auth/approle/role/governance",
        Map.of("token_policies", List.of("governance-orchestrator"), "token_ttl", "20m"));
    put("services/dragonfly", Map.of("password", "pa55word"));
    put("agents/t1/plan", Map.of("key", "plan-k3y"));
    put("agents/t3/production", Map.of("key", "production-k3y"));
  }

  @AfterEach
  void stop() {
    if (server != null) {
      server.stop();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"hashicorp/vault:1.20", "openbao/openbao:2.4"})
  void secretsAndTierCredentialsAreAsTheFakeOneSays(String image) throws Exception {
    start(image);
    String roleId =
        admin("GET", "auth/approle/role/governance/role-id", null)
            .at("/data/role_id")
            .orElseThrow()
            .text();
    String secretId =
        admin("POST", "auth/approle/role/governance/secret-id", Map.of())
            .at("/data/secret_id")
            .orElseThrow()
            .text();
    SecretSource credentials =
        SecretSource.environment(Map.of("ROLE_ID", roleId, "SECRET_ID", secretId));
    RunId run = RunId.random();
    AgentId agent = new AgentId(run.value() + "-analyst");
    try (VaultSecretSource source =
        VaultSecretSource.at(address)
            .credentials(credentials)
            .login(VaultLogin.appRole("env:ROLE_ID", "env:SECRET_ID"))
            .build()) {
      assertThat(source.health().usable()).isTrue();
      assertThat(VaultContractTest.text(source, "vault:services/dragonfly")).isEqualTo("pa55word");
      refuses(source, "vault:services/missing", Reason.ABSENT);
      refuses(source, "vault:agents/t1/plan", Reason.DENIED);
      TierCredentials.Credential low =
          VaultTierCredentials.of(source).issue(run, agent, TrustTier.T1);
      assertThat(VaultContractTest.text(low::read, "vault:agents/t1/plan")).isEqualTo("plan-k3y");
      refuses(low::read, "vault:agents/t3/production", Reason.DENIED);
      low.close();
      refuses(low::read, "vault:agents/t1/plan", Reason.DENIED);
      admin("DELETE", "secret/data/services/dragonfly", null);
      refuses(source, "vault:services/dragonfly", Reason.ABSENT);
    }
    SecretSource wrong = SecretSource.environment(Map.of("ROLE_ID", roleId, "SECRET_ID", "wrong"));
    try (VaultSecretSource source =
        VaultSecretSource.at(address)
            .credentials(wrong)
            .login(VaultLogin.appRole("env:ROLE_ID", "env:SECRET_ID"))
            .build()) {
      refuses(source, "vault:services/dragonfly", Reason.LOGIN_REFUSED);
    }
    admin("PUT", "sys/seal", Map.of());
    try (VaultSecretSource source =
        VaultSecretSource.at(address)
            .credentials(credentials)
            .login(VaultLogin.appRole("env:ROLE_ID", "env:SECRET_ID"))
            .build()) {
      refuses(source, "vault:services/dragonfly", Reason.UNAVAILABLE);
      assertThat(source.health().state()).isEqualTo(VaultHealth.State.SEALED);
    }
  }

  private static void refuses(SecretSource source, String reference, Reason reason) {
    assertThatExceptionOfType(SecretUnavailableException.class)
        .isThrownBy(() -> source.read(reference))
        .satisfies(e -> assertThat(e.reason()).isEqualTo(reason));
  }

  private void put(String path, Map<String, String> secret) throws Exception {
    Payload unused = admin("POST", "secret/data/" + path, Map.of("data", secret));
  }

  private Payload admin(String method, String path, Map<String, ?> body) throws Exception {
    HttpRequest.BodyPublisher publisher =
        body == null
            ? HttpRequest.BodyPublishers.noBody()
            : HttpRequest.BodyPublishers.ofString(Payload.of(body).json());
    HttpResponse<String> response =
        http.send(
            HttpRequest.newBuilder(address.resolve("/v1/" + path))
                .header("X-Vault-Token", ROOT)
                .method(method, publisher)
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode())
        .as("%s %s: %s", method, path, response.body())
        .isLessThan(300);
    return response.body().isEmpty() ? Payload.empty() : Payload.json(response.body());
  }
}
