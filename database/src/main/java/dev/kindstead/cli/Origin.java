package dev.kindstead.cli;

/** Where a value comes from, the weaker first. */
public sealed interface Origin {
  /** As the user would name it. */
  String text();

  /** Nobody said anything. */
  record Default() implements Origin {
    @Override
    public String text() {
      return "default";
    }
  }

  /** A line of the configuration file. */
  record File(String file, int line) implements Origin {
    @Override
    public String text() {
      return "file " + file + ":" + line;
    }
  }

  /** An environment variable. */
  record Environment(String variable) implements Origin {
    @Override
    public String text() {
      return "environment " + variable;
    }
  }

  /** A flag of the command line. */
  record Flag(String flag) implements Origin {
    @Override
    public String text() {
      return "flag " + flag;
    }
  }
}
