package dev.kindstead.faults;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** What a repository has checked out, so that figures of one commit are not taken for another's. */
final class Commit {
  /** Without git, or outside a repository. */
  static final String NOT_KNOWN = "unknown";

  private Commit() {}

  /** Twelve digits, with {@code -dirty} behind them when files that git knows have changed. */
  static String of(Path root) {
    try {
      Process git =
          new ProcessBuilder("git", "describe", "--always", "--dirty", "--abbrev=12", "--exclude=*")
              .directory(root.toFile())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String commit = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return git.waitFor() == 0 && !commit.isBlank() ? commit.strip() : NOT_KNOWN;
    } catch (IOException missing) {
      return NOT_KNOWN;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
