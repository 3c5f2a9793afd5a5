package dev.kindstead.simulation;

import java.io.PrintWriter;
import java.util.HashMap;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * What the figures of a command line and its subcommands may be. One out of bounds ends it before
 * anything runs: where nothing runs nothing fails, and that would pass. Without bounds of its own a
 * figure is not negative. Confined to one thread.
 */
public final class OptionBounds {
  private static final Bounds USUAL = new Bounds(0, Double.MAX_VALUE);

  private final Map<String, Bounds> bounds = new HashMap<>();
  private final Map<String, String> oneOfTwo = new HashMap<>();

  private record Bounds(double least, double most) {
    /** Neither is what is not a number. */
    boolean has(double value) {
      return least <= value && value <= most;
    }
  }

  /** Names what an option, of whichever subcommand, may be at the least. */
  public OptionBounds atLeast(String option, double least) {
    return between(option, least, Double.MAX_VALUE);
  }

  /** Names what an option may be. */
  public OptionBounds between(String option, double least, double most) {
    bounds.put(option, new Bounds(least, most));
    return this;
  }

  /** Of two options one must be above zero. */
  public OptionBounds oneOf(String option, String other) {
    oneOfTwo.put(option, other);
    return this;
  }

  /** Has a command refuse, with its exit code for wrong command lines and without its usage. */
  public CommandLine guard(CommandLine command) {
    return command
        .setExecutionStrategy(parsed -> {
          check(parsed);
          return new RunLast().execute(parsed);
        })
        .setParameterExceptionHandler((wrong, _) -> explain(wrong));
  }

  private static int explain(ParameterException wrong) {
    CommandLine command = wrong.getCommandLine();
    PrintWriter err = command.getErr();
    err.println(wrong.getMessage());
    if (!UnmatchedArgumentException.printSuggestions(wrong, err)) {
      err.println("Try: " + command.getCommandSpec().qualifiedName() + " --help");
    }
    err.flush();
    return command.getCommandSpec().exitCodeOnInvalidInput();
  }

  private void check(ParseResult parsed) {
    if (parsed.isUsageHelpRequested() || parsed.isVersionHelpRequested()) {
      return;
    }
    CommandSpec command = parsed.commandSpec();
    if (parsed.hasSubcommand()) {
      if (!parsed.matchedOptions().isEmpty()) {
        throw wrong(
            command,
            "%s says nothing to '%s': give its own options, behind that word"
                .formatted(
                    parsed.matchedOptions().getFirst().longestName(),
                    parsed.subcommand().commandSpec().name()));
      }
      check(parsed.subcommand());
      return;
    }
    command.options().forEach(option -> check(command, option));
    oneOfTwo.forEach((one, other) -> check(command, one, other));
  }

  private void check(CommandSpec command, OptionSpec option) {
    Bounds allowed = bounds.getOrDefault(option.longestName(), USUAL);
    if (option.getValue() instanceof Number figure && !allowed.has(figure.doubleValue())) {
      throw wrong(
          command,
          "%s is %s, and must be %s"
              .formatted(
                  option.longestName(),
                  figure,
                  allowed.most == Double.MAX_VALUE
                      ? "at least " + text(allowed.least)
                      : "from %s to %s".formatted(text(allowed.least), text(allowed.most))));
    }
  }

  private static void check(CommandSpec command, String one, String other) {
    OptionSpec first = command.findOption(one);
    OptionSpec second = command.findOption(other);
    if (first != null
        && second != null
        && first.getValue() instanceof Number some
        && second.getValue() instanceof Number more
        && some.doubleValue() + more.doubleValue() == 0) {
      throw wrong(command, "%s 0 and %s 0 run nothing: raise one of them".formatted(one, other));
    }
  }

  private static String text(double figure) {
    return figure == Math.rint(figure) ? String.valueOf((long) figure) : String.valueOf(figure);
  }

  private static ParameterException wrong(CommandSpec command, String why) {
    return new ParameterException(command.commandLine(), why);
  }
}
