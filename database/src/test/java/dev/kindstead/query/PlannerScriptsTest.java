package dev.kindstead.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Queries with the plan they get and the results they have, one scenario to a file of
 * src/test/resources/dev/kindstead/query/plans. A file is lines of
 *
 * <pre>
 * # a comment
 * strict                                       without it, what no index orders is sorted
 * index Task with ancestors done ASC, due DESC
 * entity List, 'home', Task, 1: done = FALSE, tags = ARRAY('a', 'b'), note = 'x' unindexed
 * query SELECT * FROM Task WHERE done = FALSE
 *   plan stream ...                            what comes out: indented, written by the test
 *   row List, 'home', Task, 1
 * </pre>
 *
 * Values are literals of GQL, and paths are what stands between the parentheses of its KEY; a
 * property named {@code a.b} is that of an entity nested in {@code a}. All settings of a file hold
 * for all its queries. Behind a query can come:
 *
 * <pre>
 *   plan       as {@code Plan} says it, values as the index's bytes
 *   skipped    how many results the offset passed over
 *   row        a result, with what a projection shows
 *   then       why there may be more
 *   value      an aggregation's alias and result
 *   error      a refusal instead of all that: its code and text, line by line
 * </pre>
 *
 * Rows are also compared with the model's, in the order that the planner chose; plans, refusals,
 * aggregations and what is skipped or left are held by the file alone, so read them. {@code
 * -Dplans.write} rewrites what is indented, and fails where a file had to change: the difference is
 * for the reviewer.
 */
final class PlannerScriptsTest {
  private static final Path DIRECTORY =
      Path.of("src", "test", "resources", "dev", "kindstead", "query", "plans");
  private static final boolean WRITE = System.getProperty("plans.write") != null;

  @TestFactory
  Stream<DynamicTest> plansAndResults() throws IOException {
    List<Path> files;
    try (Stream<Path> found = Files.list(DIRECTORY)) {
      files = found.filter(file -> file.toString().endsWith(".txt")).sorted().toList();
    }
    assertThat(files).isNotEmpty();
    return files.stream().map(PlannerScript::new).flatMap(PlannerScriptsTest::tests);
  }

  private static Stream<DynamicTest> tests(PlannerScript script) {
    if (WRITE) {
      return Stream.of(
          DynamicTest.dynamicTest(
              script.name(),
              () -> assertThat(script.isRewritten()).as("had to be rewritten").isFalse()));
    }
    return script.cases().stream()
        .map(each ->
            DynamicTest.dynamicTest(
                script.name() + ":" + each.line(),
                () -> assertThat(script.outcome(each)).as(each.gql()).isEqualTo(each.expected())));
  }
}
