package dev.kindstead.simulation;

import dev.kindstead.encoding.ByteOrder;
import dev.kindstead.encoding.EntityEncoding;
import dev.kindstead.encoding.KeyEncoding;
import dev.kindstead.model.Code;
import dev.kindstead.model.DatastoreException;
import dev.kindstead.model.Entity;
import dev.kindstead.model.Key;
import dev.kindstead.model.Mutation;
import dev.kindstead.simulation.History.Ending;
import dev.kindstead.storage.EntityRow;
import dev.kindstead.storage.Snapshot;
import dev.kindstead.storage.Space;
import dev.kindstead.transaction.CommitRequest;
import dev.kindstead.transaction.ReadMode;
import dev.kindstead.transaction.ReadSession;
import dev.kindstead.transaction.TransactionId;
import dev.kindstead.transaction.TransactionOptions;
import dev.kindstead.transaction.Transactions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A simulated application: one transaction after the other, each reading some lists (by key or by
 * scanning all) and appending to some of them. When the node dies under a commit it asks the
 * restarted node again with the same transaction id, as a careful client does.
 *
 * <p>Confined to the scheduler's thread.
 */
final class ListClient {
  private static final Duration THINK_TIME_MAX = Duration.ofMillis(30);
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final World world;
  private final RandomGenerator random;
  private @Nullable Attempt current;
  private boolean stopping;

  ListClient(World world, RandomGenerator random) {
    this.world = world;
    this.random = random;
  }

  void start() {
    later(this::begin);
  }

  /** Begins no further transaction. */
  void stop() {
    stopping = true;
  }

  boolean isIdle() {
    return current == null;
  }

  /** The connection broke: what was asked may have happened. */
  void nodeCrashed() {
    Attempt attempt = current;
    if (attempt != null) {
      attempt.nodeCrashed();
    }
  }

  private void later(Runnable task) {
    world.scheduler().schedule(Duration.ofNanos(random.nextLong(THINK_TIME_MAX.toNanos())), task);
  }

  private void begin() {
    if (stopping) {
      return;
    }
    Transactions node = world.node();
    if (node == null) {
      later(this::begin);
      return;
    }
    current = new Attempt();
    current.read(node);
  }

  /** One transaction, from its first read to its outcome. */
  private final class Attempt {
    private final int id = world.nextTransactionId();
    private final long invoked = world.scheduler().monotonicNanos();
    private final Map<String, List<Integer>> reads = new TreeMap<>();
    private final Map<String, Integer> appends = new TreeMap<>();
    private final boolean scansAll = random.nextInt(6) == 0;
    private final boolean onlyReads = random.nextInt(4) == 0;
    private @Nullable TransactionId transaction;
    private @Nullable CommitRequest commit;
    private boolean over;

    Attempt() {
      world.scheduler().schedule(PATIENCE, this::giveUp);
    }

    void read(Transactions node) {
      if (onlyReads && random.nextBoolean()) {
        readWith(node, new ReadMode.Strong());
        return;
      }
      TransactionOptions options =
          onlyReads
              ? new TransactionOptions.ReadOnly(null)
              : new TransactionOptions.ReadWrite(null);
      if (random.nextBoolean()) {
        readWith(node, new ReadMode.InNewTransaction(options));
        return;
      }
      node.begin(Lists.DATABASE, options)
          .whenComplete((begun, failure) -> {
            if (failure != null) {
              failed(failure);
            } else {
              transaction = begun;
              readWith(node, new ReadMode.InTransaction(begun));
            }
          });
    }

    private void readWith(Transactions node, ReadMode mode) {
      if (over) {
        return;
      }
      List<String> objects = scansAll ? world.objects() : someObjects();
      List<Key> keys = objects.stream().map(Lists::key).toList();
      var opened =
          scansAll
              ? node.readShards(Lists.DATABASE, mode, world.allShards())
              : node.readKeys(Lists.DATABASE, mode, keys);
      opened.whenComplete((session, failure) -> {
        if (failure != null) {
          failed(failure);
          return;
        }
        try (session) {
          if (over) {
            return;
          }
          if (session.newTransaction() != null) {
            transaction = session.newTransaction();
          }
          if (scansAll) {
            scan(session);
          } else {
            keys.forEach(key -> readKey(session, key));
          }
        }
        later(() -> decide(node));
      });
    }

    private void readKey(ReadSession session, Key key) {
      int shard = Lists.shardOf(world.shardMap(), key);
      byte[] entityKey = KeyEncoding.entityKey(key);
      EntityRow row = session.shard(shard).entity(entityKey);
      session.noteKey(shard, entityKey, row == null ? 0 : row.updateTime());
      String name = key.last().name();
      if (name != null) {
        reads.put(name, Lists.elements(row));
      }
    }

    private void scan(ReadSession session) {
      world.objects().forEach(object -> reads.put(object, List.of()));
      byte[] from = KeyEncoding.partitionPrefix(Lists.PARTITION);
      byte[] until = ByteOrder.afterPrefix(from);
      for (int shard : world.allShards()) {
        session.noteRange(shard, Space.CURRENT, from, until);
        try (Snapshot.EntityScan scan =
            session.shard(shard).entities(from, until, random.nextBoolean())) {
          for (; scan.isValid(); scan.next()) {
            var entity = EntityEncoding.decode(scan.row().entity());
            if (Lists.KIND.equals(entityKind(entity))) {
              reads.put(Lists.object(entity), Lists.elements(entity));
            }
          }
        }
      }
    }

    private static String entityKind(Entity entity) {
      Key key = entity.key();
      return key == null ? "" : key.kind();
    }

    private void decide(Transactions node) {
      if (over) {
        return;
      }
      TransactionId id = transaction;
      if (id == null) {
        end(Ending.COMMITTED); // a strong read outside transactions
        return;
      }
      if (!onlyReads && random.nextInt(20) == 0) {
        var ignored = node.rollback(id);
        end(Ending.ABORTED);
        return;
      }
      var mutations = new ArrayList<Mutation>();
      if (!onlyReads) {
        int appendsMax = 1 + random.nextInt(3);
        for (String object : World.shuffled(reads.keySet(), random)) {
          if (appends.size() < appendsMax) {
            int element = world.nextElement();
            appends.put(object, element);
            mutations.add(Lists.append(object, read(object), element));
          }
        }
      }
      commit = new CommitRequest(Lists.DATABASE, id, true, mutations);
      send(node, commit);
    }

    private List<Integer> read(String object) {
      return reads.getOrDefault(object, List.of());
    }

    private void send(Transactions node, CommitRequest request) {
      node.commit(request)
          .whenComplete((result, failure) -> {
            if (failure != null) {
              failed(failure);
            } else {
              end(Ending.COMMITTED);
            }
          });
    }

    private void failed(Throwable failure) {
      if (over) {
        return;
      }
      Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
      if (cause instanceof DatastoreException refused) {
        boolean unknown = commit != null && refused.code() == Code.INTERNAL;
        if (unknown && random.nextBoolean()) {
          askAgain();
        } else {
          end(unknown ? Ending.UNKNOWN : Ending.ABORTED);
        }
      } else {
        world.report("a client met " + cause);
        end(commit == null ? Ending.ABORTED : Ending.UNKNOWN);
      }
    }

    void nodeCrashed() {
      if (commit == null) {
        end(Ending.ABORTED);
      } else if (random.nextInt(4) == 0) {
        end(Ending.UNKNOWN);
      } else {
        askAgain();
      }
    }

    /** The same commit once more, on whatever node serves then: its first answer is expected. */
    private void askAgain() {
      later(() -> {
        Transactions node = world.node();
        CommitRequest request = commit;
        if (over || request == null) {
          return;
        }
        if (node == null) {
          askAgain();
        } else {
          world.hit("commit repeated");
          send(node, request);
        }
      });
    }

    private void giveUp() {
      end(commit == null ? Ending.ABORTED : Ending.UNKNOWN);
    }

    private void end(Ending ending) {
      if (over) {
        return;
      }
      over = true;
      current = null;
      long ended = ending == Ending.UNKNOWN ? Long.MAX_VALUE : world.scheduler().monotonicNanos();
      world.ended(
          new History.Transaction(
              id, invoked, ended, ending, new TreeMap<>(reads), new TreeMap<>(appends)));
      later(ListClient.this::begin);
    }

    private List<String> someObjects() {
      return World.shuffled(world.objects(), random)
          .subList(0, 1 + random.nextInt(Math.min(3, world.objects().size())));
    }
  }
}
