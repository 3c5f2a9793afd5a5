package dev.kindstead.acceptance;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Lends one memory-mode server to every test class that asks for an {@link Endpoint}; it ends with
 * the last of them. Tests keep apart by projects of their own ({@link Projects}).
 */
final class SharedServer implements ParameterResolver {
  private static final Namespace HERE = Namespace.create(SharedServer.class);

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Endpoint.class;
  }

  @Override
  public Endpoint resolveParameter(ParameterContext parameter, ExtensionContext context) {
    String given = System.getProperty("kindstead.endpoint", "");
    if (!given.isEmpty()) {
      int port = Integer.parseInt(given.substring(given.lastIndexOf(':') + 1));
      return () -> port;
    }
    return context
        .getRoot()
        .getStore(HERE)
        .computeIfAbsent("server", _ -> KindsteadProcess.dev(), KindsteadProcess.class);
  }
}
