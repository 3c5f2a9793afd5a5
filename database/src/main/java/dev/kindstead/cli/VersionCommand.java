package dev.kindstead.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** {@code kindstead version}. */
public final class VersionCommand implements Callable<Integer> {
  private @Nullable CommandSpec spec;

  private VersionCommand() {}

  static CommandSpec spec() {
    var command = new VersionCommand();
    CommandSpec spec = CommandSpec.wrapWithoutInspection(command);
    spec.usageMessage().description("Shows the version.");
    command.spec = spec;
    return spec;
  }

  /** As the build stamped it into the jar; "development" when run from classes. */
  public static String version() {
    String version = VersionCommand.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  static String line() {
    return "kindstead %s (Java %s)".formatted(version(), Runtime.version());
  }

  @Override
  public Integer call() {
    if (spec != null) {
      spec.commandLine().getOut().println(line());
    }
    return ExitCode.OK;
  }
}
