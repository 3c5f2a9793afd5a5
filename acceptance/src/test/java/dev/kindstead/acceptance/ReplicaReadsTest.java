package dev.kindstead.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.datastore.v1.EntityResult;
import com.google.datastore.v1.Key;
import com.google.datastore.v1.ReadOptions;
import com.google.datastore.v1.ReadOptions.ReadConsistency;
import com.google.datastore.v1.RunQueryRequest;
import com.google.protobuf.Timestamp;
import com.google.rpc.Code;
import dev.kindstead.acceptance.HttpCalls.Failed;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads that may be old are answered by any node's own replicas, also when the others are gone. */
@ExtendWith(ClusterOf3.class)
class ReplicaReadsTest {
  private static final ReadOptions EVENTUAL =
      ReadOptions.newBuilder().setReadConsistency(ReadConsistency.EVENTUAL).build();
  private static final Duration RECENT_MAX = Duration.ofSeconds(5);

  /** Far less than a call waits for a node that serves. */
  private static final Duration ANSWER_MAX = Duration.ofSeconds(2);

  private final Key key = Raw.key("Kept", "one");

  @Test
  void aNodeAloneAnswersWhatItKnew(KindsteadCluster cluster) throws Exception {
    int serving = cluster.serving();
    int left = cluster.others().getFirst();
    try (HttpCalls calls = new HttpCalls(cluster.endpoint(left), Projects.fresh())) {
      calls.commit(Raw.upsert(Raw.entity(key, "number", Raw.value(1))));
      Timestamp first = calls.lookup(ReadOptions.getDefaultInstance(), key).getReadTime();
      calls.commit(Raw.upsert(Raw.entity(key, "number", Raw.value(2))));
      awaitRecent(calls, 2);

      cluster.kill(serving);
      cluster.kill(KindsteadCluster.NODES - serving - left);
      long begun = System.nanoTime();
      assertThat(number(calls, EVENTUAL)).isEqualTo(2);
      ReadOptions past = ReadOptions.newBuilder().setReadTime(first).build();
      assertThat(number(calls, past)).isEqualTo(1);
      assertThat(queried(calls, past)).isEqualTo(1);
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(ANSWER_MAX);
      assertThatThrownBy(() -> number(calls, ReadOptions.getDefaultInstance()))
          .isInstanceOfSatisfying(
              Failed.class, failure -> assertThat(failure.code()).isEqualTo(Code.UNAVAILABLE));
      assertThat(number(calls, past)).isEqualTo(1);
    }
  }

  /** A cluster whose clients only ask for what is true now, until it has lost its majority. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aNodeAloneAnswersThoughNobodyHasAskedItForThePast(boolean served, KindsteadCluster cluster)
      throws Exception {
    int serving = cluster.serving();
    int left = served ? serving : cluster.others().getFirst();
    try (HttpCalls calls = new HttpCalls(cluster.endpoint(left), Projects.fresh())) {
      calls.commit(Raw.upsert(Raw.entity(key, "number", Raw.value(1))));
      Timestamp first = calls.lookup(ReadOptions.getDefaultInstance(), key).getReadTime();
      Thread.sleep(RECENT_MAX);

      for (int node = 0; node < KindsteadCluster.NODES; node++) {
        if (node != left) {
          cluster.kill(node);
        }
      }
      Thread.sleep(ANSWER_MAX); // until the one that served does not believe so any more
      ReadOptions past = ReadOptions.newBuilder().setReadTime(first).build();
      assertThat(number(calls, past)).isEqualTo(1);
      assertThat(queried(calls, past)).isEqualTo(1);
      assertThat(number(calls, EVENTUAL)).isEqualTo(1);
    }
  }

  private void awaitRecent(HttpCalls calls, long expected) throws Failed {
    long deadline = System.nanoTime() + RECENT_MAX.toNanos();
    while (number(calls, EVENTUAL) != expected) {
      assertThat(System.nanoTime()).as("older than " + RECENT_MAX).isLessThan(deadline);
    }
  }

  private long number(HttpCalls calls, ReadOptions options) throws Failed {
    return number(calls.lookup(options, key).getFoundList());
  }

  private static long queried(HttpCalls calls, ReadOptions options) throws Failed {
    var request = RunQueryRequest.newBuilder().setReadOptions(options);
    request.getQueryBuilder().addKindBuilder().setName("Kept");
    return number(calls.query(request).getBatch().getEntityResultsList());
  }

  private static long number(List<EntityResult> found) {
    if (found.isEmpty()) {
      return 0;
    }
    return found.getFirst().getEntity().getPropertiesOrThrow("number").getIntegerValue();
  }
}
