package dev.kindstead.cli;

/** What the program runs as. */
public enum Profile {
  /** {@code kindstead dev}: replaces Google's emulator. */
  DEV("dev"),
  /** {@code kindstead start}: a durable node. */
  START("start");

  private final String command;

  Profile(String command) {
    this.command = command;
  }

  /** As typed. */
  public String command() {
    return command;
  }
}
