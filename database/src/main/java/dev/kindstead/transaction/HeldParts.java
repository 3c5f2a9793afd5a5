package dev.kindstead.transaction;

import dev.kindstead.environment.Clock;
import dev.kindstead.environment.Timers;
import dev.kindstead.model.Bytes;
import dev.kindstead.replication.Command.Prepare;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The parts of commits over several shards that one shard holds: latched, until it is told what
 * becomes of them. Whoever was to tell may be gone, so what is held for long is let go of, or asked
 * about when it is prepared.
 *
 * <p>Confined to the shard's executor, except for {@link #releaseLater}.
 */
final class HeldParts {
  /** A commit has waited for all its latches by then, and told what becomes of it. */
  private static final Duration HELD_MAX = Duration.ofSeconds(4);

  private static final Duration LOOK_PERIOD = Duration.ofSeconds(1);

  private final Latches latches;
  private final Executor executor;
  private final Clock clock;
  private final Timers timers;
  private final Consumer<List<Step>> resubmitting;
  private final BooleanSupplier leading;
  private final InDoubt inDoubt;
  private final Map<Bytes, HeldPart> held = new LinkedHashMap<>();
  private final Map<Bytes, Prepared> prepared = new HashMap<>();
  private boolean looking;

  /**
   * A part that is in the log.
   *
   * @param askedNanos when its outcome was last asked for, or it was prepared
   */
  private record Prepared(int coordinatorSlot, long askedNanos) {}

  /** Told of a transaction that is prepared on a shard, and where it is decided. */
  interface InDoubt {
    void ask(Bytes transaction, int coordinatorSlot);
  }

  /**
   * @param resubmitting queues steps that waited
   * @param leading whether what is held here counts
   * @param inDoubt told of each prepared transaction whose outcome nobody may be about to tell
   */
  HeldParts(
      Latches latches,
      Executor executor,
      Clock clock,
      Timers timers,
      Consumer<List<Step>> resubmitting,
      BooleanSupplier leading,
      InDoubt inDoubt) {
    this.latches = latches;
    this.executor = executor;
    this.clock = clock;
    this.timers = timers;
    this.resubmitting = resubmitting;
    this.leading = leading;
    this.inDoubt = inDoubt;
  }

  @Nullable HeldPart find(Bytes transaction) {
    return held.get(transaction);
  }

  /** A held part that nobody else can have led past; otherwise UNAVAILABLE. */
  HeldPart ofTerm(Bytes transaction, long term) {
    HeldPart part = held.get(transaction);
    if (part == null || part.term() != term) {
      throw TransactionErrors.notApplied();
    }
    return part;
  }

  /** The ends of all that are held now. */
  List<CompletableFuture<Void>> ends() {
    return held.values().stream().map(part -> part.holder().awaitRelease()).toList();
  }

  /**
   * Keeps a part with its latches until {@link #release}; {@link #makeRoom} has been called for it.
   */
  void hold(HeldPart part) {
    held.put(part.transaction(), part);
    latches.open(part.holder());
    latches.latch(part.writtenKeys(), part.holder());
    latches.latchReads(part);
    scheduleLook();
  }

  /** What a former leader prepared and nobody has resolved; false when it is held already. */
  boolean recover(Prepare prepare, long term) {
    if (held.containsKey(prepare.transaction())) {
      return false;
    }
    hold(HeldPart.recovered(prepare, term, clock.monotonicNanos()));
    prepared(prepare.transaction(), prepare.coordinatorSlot());
    return true;
  }

  /** Lets go of an earlier hold of the transaction; UNAVAILABLE when it may be in the log. */
  void makeRoom(Bytes transaction) {
    HeldPart part = held.get(transaction);
    if (part != null && part.holder().isProposed()) {
      throw TransactionErrors.notApplied();
    }
    if (part != null) {
      release(part);
    }
  }

  /** From any thread: lets go of a part unless something of it may be in the log. */
  void releaseLater(Bytes transaction) {
    executor.execute(() -> {
      HeldPart part = held.get(transaction);
      if (part != null && !part.holder().isProposed()) {
        release(part);
      }
    });
  }

  /** Lets go of a part that is applied, or never will be. */
  void release(HeldPart part) {
    if (held.remove(part.transaction(), part)) {
      prepared.remove(part.transaction());
      latches.unlatchReads(part);
      latches.unlatch(part.writtenKeys(), part.holder());
      latches.close(part.holder());
      resubmitting.accept(part.holder().takeWaiting());
      part.holder().release();
    }
  }

  /**
   * Others may have led meanwhile: only what was prepared here, and is by the log, is still held. A
   * part that was only held here may have been held again and prepared elsewhere, with other keys.
   */
  void releaseAllBut(List<Prepare> inTheLog) {
    Set<Bytes> kept = new HashSet<>();
    inTheLog.forEach(prepare -> kept.add(prepare.transaction()));
    kept.retainAll(prepared.keySet());
    for (HeldPart part : List.copyOf(held.values())) {
      if (!kept.contains(part.transaction())) {
        release(part);
      }
    }
  }

  /** A held part is in the log as prepared. */
  void prepared(Bytes transaction, int coordinatorSlot) {
    if (held.containsKey(transaction)) {
      prepared.put(transaction, new Prepared(coordinatorSlot, clock.monotonicNanos()));
    }
  }

  private void scheduleLook() {
    if (!looking) {
      looking = true;
      timers.schedule(LOOK_PERIOD, () -> executor.execute(this::look));
    }
  }

  private void look() {
    looking = false;
    if (leading.getAsBoolean()) {
      List.copyOf(held.values()).forEach(this::lookAt);
    }
    if (!held.isEmpty()) {
      scheduleLook();
    }
  }

  private void lookAt(HeldPart part) {
    long now = clock.monotonicNanos();
    Prepared known = prepared.get(part.transaction());
    if (known == null) {
      if (now - part.sinceNanos() > HELD_MAX.toNanos() && !part.holder().isProposed()) {
        release(part);
      }
    } else if (now - known.askedNanos() > HELD_MAX.toNanos()) {
      prepared(part.transaction(), known.coordinatorSlot());
      inDoubt.ask(part.transaction(), known.coordinatorSlot());
    }
  }
}
