package dev.kindstead.simulation;

import dev.kindstead.model.Entity;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Clients of a bank, of registers and of a set, all at once. Confined to the scheduler's thread.
 */
final class FigureClients {
  private static final int OF_THE_BANK = 3;
  private static final int OF_REGISTERS = 4;

  private final World world;
  private final FigureNotes notes = new FigureNotes();
  private final List<FigureClient> all = new ArrayList<>();
  private boolean isComplete;

  FigureClients(World world, RandomGenerator random) {
    this.world = world;
    for (int i = 0; i < OF_THE_BANK; i++) {
      all.add(new BankClient(world, notes, fork(random)));
    }
    for (int i = 0; i < OF_REGISTERS; i++) {
      all.add(new RegisterClient(world, notes, fork(random), i));
    }
    all.add(new SetClient(world, notes, fork(random)));
  }

  private static RandomGenerator fork(RandomGenerator random) {
    return new SplittableRandom(random.nextLong());
  }

  void start() {
    all.forEach(FigureClient::start);
  }

  void stop() {
    all.forEach(FigureClient::stop);
  }

  boolean isIdle() {
    return all.stream().allMatch(FigureClient::isIdle);
  }

  /** Whether each of them has done something that began after an instant. */
  boolean haveGotOnSince(long nanos) {
    return all.stream().allMatch(client -> client.hasGotOnSince(nanos));
  }

  /** What a strong read of everything has shown once all is quiet. */
  void found(List<Entity> entities) {
    isComplete = true;
    notes.found(world.scheduler().monotonicNanos(), entities);
  }

  List<String> anomalies() {
    return notes.anomalies(BankClient.opening(), isComplete);
  }
}
