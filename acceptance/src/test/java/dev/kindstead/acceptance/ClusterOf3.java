package dev.kindstead.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives each test that asks for a {@link KindsteadCluster} one of its own, started and ready. When
 * the test fails, it prints what the nodes printed. It fails a test in which a node has logged an
 * error.
 *
 * <p>{@code -Dcluster.flags} are given to all nodes, after those that a test asks for.
 */
final class ClusterOf3 implements ParameterResolver, AfterTestExecutionCallback {
  private static final Namespace HERE = Namespace.create(ClusterOf3.class);
  private static final String[] FLAGS =
      Pattern.compile("\\S+")
          .matcher(System.getProperty("cluster.flags", ""))
          .results()
          .map(MatchResult::group)
          .toArray(String[]::new);
  private static final String CLUSTER = "cluster";

  private final String[] flags;

  /** For {@code @ExtendWith}. */
  ClusterOf3() {
    this(new String[0]);
  }

  /** For a test class that registers one with flags of its own. */
  ClusterOf3(String... flags) {
    this.flags = Stream.concat(Stream.of(flags), Stream.of(FLAGS)).toArray(String[]::new);
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == KindsteadCluster.class;
  }

  @Override
  public KindsteadCluster resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context
        .getStore(HERE)
        .computeIfAbsent(CLUSTER, _ -> KindsteadCluster.started(flags), KindsteadCluster.class);
  }

  @Override
  public void afterTestExecution(ExtensionContext context) {
    KindsteadCluster cluster = context.getStore(HERE).get(CLUSTER, KindsteadCluster.class);
    if (cluster == null) {
      return;
    }
    String logs = cluster.logs();
    List<String> errors = logs.lines().filter(line -> line.contains(" ERROR ")).toList();
    if (context.getExecutionException().isPresent() || !errors.isEmpty()) {
      System.out.println(logs);
    }
    assertThat(errors).as("errors on the nodes' logs").isEmpty();
  }
}
