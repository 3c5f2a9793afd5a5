package dev.kindstead.admission;

import dev.kindstead.environment.Clock;
import dev.kindstead.environment.Timers;
import dev.kindstead.model.Code;
import dev.kindstead.model.DatastoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Lets so many calls of one cost class go on, and the others wait for a moment. While it is not
 * full, that costs two additions a call.
 *
 * <p>Waiting is what makes overload cheap: a call that waits costs memory only, and its client's
 * connection brings no more than its streams; one that is refused at once costs as much as a
 * lookup, and comes again.
 *
 * <p>Thread-safe. <b>Invariant.</b> Nobody waits while there is a free place.
 */
public final class Gate {
  /** Longest wait; most clients give up after some seconds more. */
  static final Duration WAIT_MAX = Duration.ofSeconds(5);

  /** Bytes of requests that wait before all gates of a node. */
  static final long WAITING_BYTES_MAX = 64L << 20;

  /**
   * Of the time until its deadline a call waits so long at most. What is let in later would be
   * served when nobody waits for it any more, and so would all behind it: whoever has waited for
   * too long makes room for who can still be served.
   */
  private static final double WAIT_SHARE = 0.75;

  private final CostClass cost;
  private final Clock clock;
  private final Timers timers;
  private final SharedAmount waitingBytes;
  private final AtomicInteger inside = new AtomicInteger();
  private final AtomicLong refused = new AtomicLong();

  /** Those who go on with a transaction; they go before the others. */
  private final FairQueue<Waiting> ofTransactions = new FairQueue<>();

  private final FairQueue<Waiting> others = new FairQueue<>();

  /** In both lines; written under the lock. */
  private volatile int waiting;

  Gate(CostClass cost, Clock clock, Timers timers, SharedAmount waitingBytes) {
    this.cost = cost;
    this.clock = clock;
    this.timers = timers;
    this.waitingBytes = waitingBytes;
  }

  /** Whether the caller is inside, without waiting; then it must {@link #leave}. */
  public boolean tryEnter() {
    if (waiting == 0) {
      if (inside.incrementAndGet() <= cost.callsMax()) {
        return true;
      }
      inside.decrementAndGet();
    }
    return false;
  }

  /**
   * Makes it wait for its turn; to be called when {@link #tryEnter} has failed.
   *
   * @return for when nobody waits for it any more: takes it out of the line, if it is still there,
   *     and has it refused; on any thread
   */
  public Runnable await(Entrant entrant) {
    long bytes = entrant.bytes();
    SharedAmount.Share share = waitingBytes.tryTake(bytes, entrant.database());
    Runnable withdrawal = () -> {};
    if (share == null) {
      refuse(entrant, "too many requests are waiting, please try again later");
    } else {
      var call = new Waiting(entrant, bytes, share);
      line(call);
      withdrawal = () -> withdraw(call);
    }
    letIn();
    return withdrawal;
  }

  public void leave() {
    inside.decrementAndGet();
    if (waiting > 0) {
      letIn();
    }
  }

  CostClass cost() {
    return cost;
  }

  /** Calls that go on. */
  public int inside() {
    return inside.get();
  }

  /** Calls before it. */
  public int waiting() {
    return waiting;
  }

  /** Calls refused since the start. */
  long refused() {
    return refused.get();
  }

  private void line(Waiting call) {
    long left = Math.max(0, call.entrant.deadlineNanos() - clock.monotonicNanos());
    Duration patience = Duration.ofNanos((long) (WAIT_SHARE * left));
    Duration wait = patience.compareTo(WAIT_MAX) < 0 ? patience : WAIT_MAX;
    synchronized (this) {
      lineOf(call).add(call.database, call);
      recount();
      call.patience =
          timers.schedule(wait, () -> call.entrant.executor().execute(() -> giveUp(call)));
    }
  }

  private void giveUp(Waiting call) {
    if (!hasLeftLine(call)) {
      return;
    }
    if (clock.monotonicNanos() >= call.entrant.deadlineNanos()) {
      call.entrant.refuse(DatastoreException.deadlinePassed());
    } else {
      refuse(call.entrant, "too many requests are being served, please try again later");
    }
  }

  private void withdraw(Waiting call) {
    if (hasLeftLine(call)) {
      call.forgetPatience();
      call.entrant.executor().execute(() -> call.entrant.refuse(DatastoreException.clientGone()));
    }
  }

  /** False when it was no more in it. */
  private boolean hasLeftLine(Waiting call) {
    synchronized (this) {
      if (!lineOf(call).remove(call.database, call)) {
        return false;
      }
      recount();
    }
    waitingBytes.giveBack(call.share, call.bytes);
    return true;
  }

  private void refuse(Entrant entrant, String why) {
    refused.incrementAndGet();
    entrant
        .executor()
        .execute(() -> entrant.refuse(new DatastoreException(Code.RESOURCE_EXHAUSTED, why)));
  }

  private void letIn() {
    List<Waiting> next = new ArrayList<>();
    synchronized (this) {
      for (Waiting call = poll(); call != null; call = poll()) {
        inside.incrementAndGet();
        next.add(call);
      }
      recount();
    }
    for (Waiting call : next) {
      waitingBytes.giveBack(call.share, call.bytes);
      call.begin();
    }
  }

  /** As many more places are kept for those who go on with a transaction. */
  private @Nullable Waiting poll() {
    int now = inside.get();
    Waiting ofTransaction = now < 2 * cost.callsMax() ? ofTransactions.poll() : null;
    return ofTransaction != null || now >= cost.callsMax() ? ofTransaction : others.poll();
  }

  private void recount() {
    waiting = ofTransactions.size() + others.size();
  }

  private FairQueue<Waiting> lineOf(Waiting call) {
    return call.isOfTransaction ? ofTransactions : others;
  }

  /** One who waits. */
  private static final class Waiting {
    private final Entrant entrant;
    private final long bytes;
    private final SharedAmount.Share share;
    private final String database;
    private final boolean isOfTransaction;

    private Timers.@Nullable Timer patience;

    Waiting(Entrant entrant, long bytes, SharedAmount.Share share) {
      this.entrant = entrant;
      this.bytes = bytes;
      this.share = share;
      this.database = entrant.database();
      this.isOfTransaction = entrant.isOfTransaction();
    }

    void begin() {
      forgetPatience();
      entrant.executor().execute(entrant::enter);
    }

    void forgetPatience() {
      if (patience != null) {
        patience.cancel();
      }
    }
  }
}
