package dev.kindstead.simulation.mutant;

import java.util.Arrays;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * The program that {@link Checks} starts: runs test classes and says which tests fail, a line each.
 * Ends with 0 when all pass, 1 when one fails, 2 when there is none at all.
 */
public final class RoomTests implements TestExecutionListener {
  private int started;
  private int failed;

  private RoomTests() {}

  public static void main(String[] classes) {
    var tests = new RoomTests();
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(Arrays.stream(classes).map(DiscoverySelectors::selectClass).toList())
            .build();
    LauncherFactory.create().execute(request, tests);
    System.out.println(tests.started + " tests, " + tests.failed + " failed");
    // What a failed test has left running must not keep the process.
    System.exit(tests.started == 0 ? 2 : tests.failed == 0 ? 0 : 1);
  }

  @Override
  public void executionStarted(TestIdentifier test) {
    started += test.isTest() ? 1 : 0;
  }

  @Override
  public void executionFinished(TestIdentifier test, TestExecutionResult result) {
    if (result.getStatus() == TestExecutionResult.Status.FAILED) {
      failed++;
      String why = result.getThrowable().map(RoomTests::firstLine).orElse("");
      System.out.println("FAILED " + name(test) + ": " + why);
    }
  }

  private static String name(TestIdentifier test) {
    return test.getSource()
        .filter(MethodSource.class::isInstance)
        .map(MethodSource.class::cast)
        .map(source -> {
          String name = source.getClassName();
          return name.substring(name.lastIndexOf('.') + 1) + "#" + source.getMethodName();
        })
        .orElse(test.getDisplayName().replace(' ', '_'));
  }

  private static String firstLine(Throwable failure) {
    return String.valueOf(failure).strip().lines().findFirst().orElse("");
  }
}
