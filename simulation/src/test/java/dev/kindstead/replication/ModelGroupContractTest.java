package dev.kindstead.replication;

import dev.kindstead.simulation.Links;
import dev.kindstead.simulation.Machine;
import dev.kindstead.simulation.ModelGroup;
import dev.kindstead.simulation.ModelLog;
import dev.kindstead.simulation.ModelSite;
import dev.kindstead.simulation.Plant;
import dev.kindstead.simulation.Scheduler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A model group keeps what a real one keeps, kind or at its nastiest, by several seeds. Time passes
 * only while the test waits.
 */
@ParameterizedClass
@MethodSource("settings")
final class ModelGroupContractTest extends ReplicatedGroupContract {
  private static final int SEEDS = 20;
  private static final Duration STEP = Duration.ofMillis(5);
  private static final Duration WAIT_MAX = Duration.ofMinutes(2);

  private final boolean nasty;
  private final Random random;
  private final Scheduler scheduler;
  private final Links links;
  private final Map<String, Machine> machines = new HashMap<>();
  private @Nullable ModelGroup group;
  private int checkpoints;

  record Setting(boolean nasty, int seed) {}

  static Stream<Setting> settings() {
    return IntStream.range(0, SEEDS)
        .boxed()
        .flatMap(seed -> Stream.of(new Setting(false, seed), new Setting(true, seed)));
  }

  ModelGroupContractTest(Setting setting) {
    nasty = setting.nasty();
    random = new Random(setting.seed());
    scheduler = new Scheduler(random);
    links = new Links(scheduler, random, nasty);
  }

  @Override
  ReplicatedLog newLog(String id, List<String> founders) {
    if (group == null) {
      group = new ModelGroup("group", founders, _ -> {}, _ -> {});
    }
    Machine machine = machines.computeIfAbsent(id, _ -> Machine.exact(id, scheduler));
    var site =
        new ModelSite(
            machine.start(),
            links,
            random,
            () -> {},
            () -> {},
            this::checkpointDirectory,
            nasty,
            Plant.NOTHING);
    return new ModelLog(group, site);
  }

  private Path checkpointDirectory() {
    try {
      return Files.createDirectory(directory.resolve("checkpoint-" + checkpoints++));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  void loseDisk(String id) {
    if (group != null) {
      group.loseDisk(id);
    }
  }

  @Override
  void await(String what, BooleanSupplier condition) {
    long deadline = scheduler.monotonicNanos() + WAIT_MAX.toNanos();
    while (!condition.getAsBoolean()) {
      if (scheduler.monotonicNanos() > deadline) {
        throw new AssertionError("waited in vain: " + what);
      }
      scheduler.runFor(STEP);
    }
  }
}
