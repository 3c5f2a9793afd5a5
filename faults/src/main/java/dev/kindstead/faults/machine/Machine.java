package dev.kindstead.faults.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What this machine lets us do to it, found out by doing it once. Each answer is a reason why not,
 * or empty. Confined to one thread.
 */
public final class Machine {
  private static final String TRIAL = "kindstead-trial";

  private final Path directory;
  private final boolean isLinux = System.getProperty("os.name", "").equals("Linux");
  private final boolean isRoot;
  private final Missing shim = new Missing(this::tryCompile);
  private final Missing namespaces = new Missing(this::tryNamespaces);
  private final Missing packetDelay = new Missing(this::tryPacketDelay);
  private final Missing loopDisks = new Missing(this::tryLoopDisk);

  /** An answer that is worth to be asked for once. */
  private static final class Missing {
    private final Supplier<Optional<String>> trial;
    private Optional<String> answer = Optional.empty();
    private boolean isKnown;

    Missing(Supplier<Optional<String>> trial) {
      this.trial = trial;
    }

    Optional<String> reason() {
      if (!isKnown) {
        answer = trial.get();
        isKnown = true;
      }
      return answer;
    }
  }

  /**
   * @param directory for trials; on the disk that the nodes shall use
   */
  public Machine(Path directory) {
    this(directory, true);
  }

  /**
   * @param privileged whether it may use what only root can
   */
  public Machine(Path directory, boolean privileged) {
    isRoot = privileged && isLinux && "root".equals(System.getProperty("user.name"));
    this.directory = directory(directory);
  }

  /** Signals that stop and continue processes. */
  public Optional<String> noSignals() {
    return isLinux ? Optional.empty() : Optional.of("needs Linux");
  }

  /** A library that comes between a node and its libc. */
  public Optional<String> noShim() {
    return shim.reason();
  }

  /** Networks of our own. */
  public Optional<String> noNamespaces() {
    return namespaces.reason();
  }

  /** Something between nodes that we can cut: namespaces, or else proxies. */
  public Optional<String> noNetwork() {
    return noNamespaces().isEmpty() || isLinux ? Optional.empty() : Optional.of("needs Linux");
  }

  /** Packets that are late: the kernel's netem. */
  public Optional<String> noPacketDelay() {
    return packetDelay.reason();
  }

  /** File systems of our own, whose power can be cut. */
  public Optional<String> noLoopDisks() {
    return loopDisks.reason();
  }

  /** A controller of version 1, by which processes get less. */
  public Optional<String> noController(String name) {
    if (!isRoot) {
      return Optional.of("needs root");
    }
    Path controller = ControlGroup.controller(name);
    return Files.isWritable(controller.resolve("cgroup.procs"))
        ? Optional.empty()
        : Optional.of("no version 1 control groups of " + name + " at " + controller);
  }

  /** A program beside namespaces. */
  public Optional<String> noProgram(String program) {
    return Commands.find(program).isPresent()
        ? Optional.empty()
        : Optional.of(program + " is not installed");
  }

  private Optional<String> tryCompile() {
    if (!isLinux) {
      return Optional.of("needs Linux");
    }
    if (Commands.find("gcc").isEmpty()) {
      return noProgram("gcc");
    }
    try {
      Shim.compile(directory.resolve(TRIAL));
      return Optional.empty();
    } catch (IllegalStateException failed) {
      return Optional.of("the shim does not compile: " + failed.getMessage());
    }
  }

  private Optional<String> tryNamespaces() {
    Optional<String> without = needsRootAnd("ip", "nsenter", "ss");
    if (without.isPresent()) {
      return without;
    }
    try (Namespaces trial = new Namespaces(1)) {
      trial.cut(0, 0);
      trial.mend(0, 0);
      return Optional.empty();
    } catch (IllegalStateException failed) {
      return Optional.of("network namespaces are refused: " + failed.getMessage());
    }
  }

  private Optional<String> tryPacketDelay() {
    Optional<String> without = noNamespaces().or(() -> noProgram("tc"));
    if (without.isPresent()) {
      return without;
    }
    try (Namespaces trial = new Namespaces(1)) {
      Commands.Result result =
          trial.run(0, "tc", "qdisc", "add", "dev", "eth0", "root", "netem", "delay", "1ms");
      return result.isFine()
          ? Optional.empty()
          : Optional.of("the kernel has no netem: " + result.output().strip());
    }
  }

  private Optional<String> tryLoopDisk() {
    Optional<String> without = needsRootAnd("gcc", "mount", "umount", "mkfs.ext4", "fallocate");
    if (without.isPresent()) {
      return without;
    }
    try (LoopDisk trial = new LoopDisk(directory.resolve(TRIAL), "trial")) {
      trial.cutPower();
      boolean isDead = !trial.takesWrites();
      trial.restorePower();
      return isDead
          ? Optional.empty()
          : Optional.of("a file system that was shut down takes writes");
    } catch (IllegalStateException failed) {
      return Optional.of("file systems of our own are refused: " + failed.getMessage());
    }
  }

  private Optional<String> needsRootAnd(String... programs) {
    if (!isRoot) {
      return Optional.of("needs root");
    }
    for (String program : programs) {
      Optional<String> without = noProgram(program);
      if (without.isPresent()) {
        return without;
      }
    }
    return Optional.empty();
  }

  /** The same, without symbolic links: so the system names the files in it. */
  static Path realDirectory(Path path) {
    try {
      return directory(path).toRealPath();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes a directory, and those above it. */
  static Path directory(Path path) {
    try {
      return Files.createDirectories(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
