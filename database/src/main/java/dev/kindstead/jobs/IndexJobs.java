package dev.kindstead.jobs;

import dev.kindstead.environment.Clock;
import dev.kindstead.environment.Timers;
import dev.kindstead.environment.Waiting;
import dev.kindstead.index.IndexRecord;
import dev.kindstead.index.IndexState;
import dev.kindstead.model.Bytes;
import dev.kindstead.model.Code;
import dev.kindstead.model.DatastoreException;
import dev.kindstead.transaction.IndexLogs;
import dev.kindstead.transaction.Transactions;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Builds the composite indexes that are being created and empties those that are being deleted, one
 * index after the other, while commits go on. After a restart it goes on where the logs say; in a
 * cluster the node that serves does the work, and the next one goes on where that one ended.
 *
 * <p>Building: every shard's commits begin to maintain the index; what was evaluated before must
 * end; then the shard's entities of the kind are entered, a few at a time under their latches; when
 * all shards are done, the index is ready from a timestamp above all of that.
 *
 * <p>Thread-safe; the work is done on the injected executor, one task at a time.
 */
public final class IndexJobs implements AutoCloseable {
  /** Entities entered, or entries removed, by one log entry. */
  static final int PAGE = 200;

  /** Entries counted at a time. */
  private static final int COUNTING_PAGE = 10_000;

  /**
   * How long queries planned before a deletion may still read: their budget, three times.
   * Transactions may live longer; what they read by it counts as changed from then on.
   */
  public static final Duration LINGER = Duration.ofSeconds(60);

  /** Deleted indexes whose end is remembered, for whoever waits for it. */
  private static final int GONE_REMEMBERED = 1_000;

  /** How often unfinished work is looked at. */
  private static final Duration LOOK_PERIOD = Duration.ofSeconds(2);

  private static final Logger LOG = LoggerFactory.getLogger(IndexJobs.class);

  /**
   * How far a job is.
   *
   * @param done entities entered, or entries removed
   * @param total entities to enter; zero while nobody has counted
   */
  public record Progress(long done, long total) {
    static final Progress NONE = new Progress(0, 0);
  }

  private final Transactions transactions;
  private final IndexLogs logs;
  private final EntryPages pages;
  private final Clock clock;
  private final Timers timers;
  private final Executor executor;
  private final Duration linger;
  private final int page;
  private final Waiting waiting;
  private final Map<Long, Progress> progress = new ConcurrentHashMap<>();

  /** When the work on a deleted index first found it so, by the monotonic clock. */
  private final Map<Long, Long> unusedSince = new ConcurrentHashMap<>();

  private final Set<Long> gone =
      Collections.newSetFromMap(
          new LinkedHashMap<>() {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<Long, Boolean> eldest) {
              return size() > GONE_REMEMBERED;
            }
          });
  private boolean running;
  private boolean again;
  private boolean looksLater;
  private volatile boolean closed;

  /**
   * @param executor whose threads may wait for the disk and for the log
   */
  public IndexJobs(
      Transactions transactions, Clock clock, Timers timers, Executor executor, Duration linger) {
    this(transactions, clock, timers, executor, linger, PAGE, Waiting.BLOCKING);
  }

  /**
   * @param page entities entered, or entries removed, by one log entry
   * @param waiting how the executor's threads wait
   */
  public IndexJobs(
      Transactions transactions,
      Clock clock,
      Timers timers,
      Executor executor,
      Duration linger,
      int page,
      Waiting waiting) {
    this.transactions = transactions;
    this.clock = clock;
    this.timers = timers;
    this.executor = executor;
    logs = transactions.indexes();
    pages = new EntryPages(transactions, waiting);
    this.linger = linger;
    this.page = page;
    this.waiting = new LimitedWaiting(waiting, timers);
  }

  /** Looks for work, now and whenever an index changes, and again until there is none. */
  public void start() {
    logs.onChange(all -> {
      if (all.stream().anyMatch(IndexJobs::isUnfinished)) {
        wake();
      }
    });
  }

  private static boolean isUnfinished(IndexRecord index) {
    return index.state() == IndexState.CREATING || index.state() == IndexState.DELETING;
  }

  /** How far the work on an index is. */
  public Progress progress(long index) {
    return progress.getOrDefault(index, Progress.NONE);
  }

  /** Whether its removal ended while this process ran. */
  public synchronized boolean isGone(long index) {
    return gone.contains(index);
  }

  private synchronized void wake() {
    if (running) {
      again = true;
    } else if (!closed) {
      running = true;
      executor.execute(this::work);
    }
  }

  /** While there is work; whether this node is the one to do it may change without a word. */
  private synchronized void lookLater() {
    if (!looksLater && !closed) {
      looksLater = true;
      timers.schedule(LOOK_PERIOD, this::look);
    }
  }

  private void look() {
    synchronized (this) {
      looksLater = false;
    }
    wake();
  }

  private void work() {
    try {
      for (IndexRecord index : logs.all()) {
        if (!closed && isUnfinished(index)) {
          lookLater();
          if (transactions.isServing()) {
            work(index);
          }
        }
      }
    } finally {
      synchronized (this) {
        running = false;
        if (again) {
          again = false;
          wake();
        }
      }
    }
  }

  private void work(IndexRecord index) {
    try {
      if (index.state() == IndexState.CREATING) {
        build(index);
      } else {
        remove(index);
      }
    } catch (RuntimeException failure) {
      Throwable cause = failure.getCause() == null ? failure : failure.getCause();
      if (index.state() == IndexState.CREATING && isForGood(cause)) {
        giveUp(index, cause);
      } else if (!closed && transactions.isServing()) {
        Postponed.log(
            LOG, "the work on index %s goes on later".formatted(index.definition()), cause);
      }
    }
  }

  /** An entity would have too many entries, or so it was found before. */
  private static boolean isForGood(Throwable cause) {
    return cause instanceof DatastoreException known && known.code() == Code.INVALID_ARGUMENT;
  }

  private void build(IndexRecord index) {
    for (int shard = 0; shard < logs.shards(); shard++) {
      IndexRecord known = onShard(shard, index.id());
      if (known == null) {
        done(logs.putOnShard(shard, index));
      }
    }
    long total = count(index);
    LOG.info("building index {} over {} entities", index.definition(), total);
    progress.put(index.id(), new Progress(0, total));
    for (int shard = 0; shard < logs.shards() && goesOn(); shard++) {
      build(shard, index);
    }
    if (goesOn()) {
      IndexRecord ready = index.in(IndexState.READY, done(logs.newTimestamp()));
      done(logs.put(ready));
      progress.remove(index.id());
      LOG.info("index {} is ready", index.definition());
    }
  }

  private long count(IndexRecord index) {
    long count = 0;
    for (int shard = 0; shard < logs.shards(); shard++) {
      Bytes last = Bytes.EMPTY;
      EntryPages.Page page;
      do {
        page = kindPage(shard, index, last, COUNTING_PAGE);
        count += page.entries().size();
        last = page.last();
      } while (!page.isLast() && goesOn());
    }
    return count;
  }

  private EntryPages.Page kindPage(int shard, IndexRecord index, Bytes after, int most) {
    return pages.ofKind(
        shard, index.definition().database(), index.definition().kind(), after, most);
  }

  private void build(int shard, IndexRecord index) {
    IndexRecord known = onShard(shard, index.id());
    if (known == null) {
      throw new DatastoreException(
          Code.UNAVAILABLE, "the replica that was asked does not know of the index yet");
    }
    switch (known.state()) {
      case READY -> {
        return;
      }
      case CREATING -> {}
      case ERROR -> throw DatastoreException.invalidArgument("the build was given up before");
      case DELETING ->
          throw new DatastoreException(Code.UNAVAILABLE, "the index is being deleted by another");
    }
    done(logs.settle(shard));
    Bytes last = known.progress();
    int most = page;
    while (goesOn()) {
      EntryPages.Page some = kindPage(shard, index, last, most);
      int entities = some.entities().size();
      if (entities > 0 && !isEntered(shard, known.upTo(some.last()), some.entities())) {
        most = entities / 2;
        continue;
      }
      if (entities > 0) {
        last = some.last();
        most = Math.min(page, 2 * most);
        progress.computeIfPresent(
            index.id(), (_, was) -> new Progress(was.done() + entities, was.total()));
      }
      if (some.isLast()) {
        done(logs.putOnShard(shard, index.in(IndexState.READY, index.changeTime())));
        return;
      }
    }
  }

  /** Enters a page; false when it is too much for one log entry, and fewer are to be entered. */
  private boolean isEntered(int shard, IndexRecord index, List<Bytes> entities) {
    try {
      done(logs.enter(shard, index, entities));
      return true;
    } catch (CompletionException refused) {
      if (entities.size() > 1
          && refused.getCause() instanceof DatastoreException known
          && known.code() == Code.RESOURCE_EXHAUSTED) {
        return false;
      }
      throw refused;
    }
  }

  /**
   * No shard maintains it any more; it stays to be looked at, and deleted. What of this is not done
   * is done when the next look at the index finds a shard that has given up.
   */
  private void giveUp(IndexRecord index, Throwable cause) {
    LOG.error("index {} cannot be built", index.definition(), cause);
    try {
      IndexRecord failed = index.in(IndexState.ERROR, done(logs.newTimestamp()));
      for (int shard = 0; shard < logs.shards(); shard++) {
        done(logs.putOnShard(shard, failed));
      }
      done(logs.put(failed));
      progress.remove(index.id());
    } catch (CompletionException unavailable) {
      LOG.debug("that is told later", unavailable);
    }
  }

  /**
   * The shards maintain the index until nobody can be reading it any more: a query may have been
   * planned before the deletion, or on a node that has not heard of it yet.
   */
  private void remove(IndexRecord index) {
    // By the monotonic clock, and anew after a restart: no jump of the wall clock may take entries
    // from a query that reads them.
    long since = unusedSince.computeIfAbsent(index.id(), _ -> clock.monotonicNanos());
    long lingers = since + linger.toNanos() - clock.monotonicNanos();
    if (lingers > 0) {
      return;
    }
    for (int shard = 0; shard < logs.shards(); shard++) {
      IndexRecord known = onShard(shard, index.id());
      // A replica that is behind may not know of it: that does not mean that nothing is there.
      if (known == null || known.state() != IndexState.DELETING) {
        done(logs.putOnShard(shard, index));
      }
    }
    for (int shard = 0; shard < logs.shards() && goesOn(); shard++) {
      remove(shard, index);
    }
    if (goesOn()) {
      done(logs.drop(index.id()));
      synchronized (this) {
        gone.add(index.id());
      }
      progress.remove(index.id());
      unusedSince.remove(index.id());
      LOG.info("index {} is deleted", index.definition());
    }
  }

  private void remove(int shard, IndexRecord index) {
    done(logs.settle(shard));
    while (goesOn()) {
      EntryPages.Page some = pages.ofIndex(shard, index.definition(), Bytes.EMPTY, page);
      if (some.entries().isEmpty()) {
        done(logs.dropOnShard(shard, index.id()));
        return;
      }
      done(logs.remove(shard, some.entries()));
      progress.merge(
          index.id(),
          new Progress(some.entries().size(), 0),
          (one, other) -> new Progress(one.done() + other.done(), 0));
    }
  }

  /** Who serves next goes on with it, when this node does not any more. */
  private boolean goesOn() {
    return !closed && transactions.isServing();
  }

  private @Nullable IndexRecord onShard(int shard, long id) {
    return done(logs.ofShard(shard)).stream()
        .filter(each -> each.id() == id)
        .findAny()
        .orElse(null);
  }

  /** The result; a failure comes as CompletionException. */
  private <T> T done(CompletableFuture<T> future) {
    return waiting.join(future);
  }

  /** The work ends after the step on its way. */
  @Override
  public void close() {
    closed = true;
  }
}
