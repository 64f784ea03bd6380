package io.mendline.databricks.api;

import com.databricks.sdk.core.DatabricksConfig;
import com.databricks.sdk.core.PatCredentialsProvider;
import com.databricks.sdk.core.http.HttpClient;
import com.databricks.sdk.core.oauth.OAuthM2MServicePrincipalCredentialsProvider;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * A workspace and how to log in to it: with a token, or with the OAuth secret of a service
 * principal.
 *
 * @param name what people call it
 * @param id its numeric id, as it stands in addresses after {@code o=}
 * @param host where it is, as {@code https://adb-123.4.azuredatabricks.net}
 * @param token a personal access token; null with a service principal
 * @param clientId the application id of a service principal; null with a token
 * @param clientSecret its OAuth secret; null with a token
 */
public record Workspace(
    String name, String id, String host, String token, String clientId, String clientSecret) {

  /** Checks that there is one way to log in. */
  public Workspace {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(host, "host");
    boolean principal = clientId != null && clientSecret != null;
    if ((token != null) == principal) {
      throw new IllegalArgumentException(
          "workspace " + name + " needs a token, or a client id and a client secret");
    }
  }

  /** One that is logged in to with a token. */
  public static Workspace withToken(String name, String id, String host, String token) {
    return new Workspace(name, id, host, token, null, null);
  }

  /** One that is logged in to as a service principal. */
  public static Workspace withPrincipal(
      String name, String id, String host, String clientId, String clientSecret) {
    return new Workspace(name, id, host, null, clientId, clientSecret);
  }

  /**
   * The login. Neither variables of the environment nor a profile of the user's have a say in it:
   * with several workspaces they would be the wrong ones for all but one.
   */
  DatabricksConfig login(HttpClient http) {
    DatabricksConfig config =
        new DatabricksConfig().setHost(host).setHttpClient(http).setDisableAsyncTokenRefresh(true);
    return token == null
        ? config
            .setClientId(clientId)
            .setClientSecret(clientSecret)
            .setAuthType("oauth-m2m")
            .setCredentialsProvider(new OAuthM2MServicePrincipalCredentialsProvider())
        : config
            .setToken(token)
            .setAuthType(PatCredentialsProvider.PAT)
            .setCredentialsProvider(new PatCredentialsProvider());
  }

  /** What must be shown to nobody. */
  List<String> secrets() {
    return Stream.of(token, clientSecret).filter(Objects::nonNull).toList();
  }

  @Override
  public String toString() {
    return "Workspace[" + name + ", " + id + ", " + host + "]";
  }
}
