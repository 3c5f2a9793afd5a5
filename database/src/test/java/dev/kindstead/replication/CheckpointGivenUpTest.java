package dev.kindstead.replication;

import static org.assertj.core.api.Assertions.assertThat;

import com.alipay.sofa.jraft.Status;
import com.alipay.sofa.jraft.core.ReplicatorGroupImpl;
import com.alipay.sofa.jraft.entity.RaftOutter.SnapshotMeta;
import com.alipay.sofa.jraft.option.NodeOptions;
import com.alipay.sofa.jraft.rpc.RpcRequests.InstallSnapshotRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.InstallSnapshotResponse;
import com.alipay.sofa.jraft.rpc.RpcResponseClosureAdapter;
import com.alipay.sofa.jraft.rpc.impl.core.DefaultRaftClientService;
import dev.kindstead.environment.Network;
import dev.kindstead.replication.RaftLogOptions.Durability;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * One call lasts from the first byte of a checkpoint that is copied until it is loaded. Where the
 * leader gave it up, the copy failed with it and began anew: a large one never came to its end.
 */
@Timeout(30)
final class CheckpointGivenUpTest {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path directory;

  private final CompletableFuture<Duration> waited = new CompletableFuture<>();

  private final class Elsewhere implements Network {
    @Override
    public CompletableFuture<byte[]> call(
        String nodeId, Service service, byte[] request, Duration timeout) {
      waited.complete(timeout);
      return CompletableFuture.failedFuture(new NotDelivered("nobody is there"));
    }

    @Override
    public void serve(Service service, Handler handler) {}
  }

  @AfterEach
  void disconnect() {
    RaftLog.disconnect();
  }

  private NodeOptions settings() throws IOException {
    RaftLogOptions options = RaftLogOptions.single("g", "here", directory, Durability.SYNC);
    var synced = new RaftSynced(() -> {}, RaftSynced.LOOK_MILLIS);
    var machine = new RaftStateMachine(options, new RecordingReader(), Runnable::run, synced);
    return RaftSettings.node(options, machine, RaftStorage.open(options, machine, synced, 0));
  }

  @Test
  void theLeaderWaitsForHours() throws Exception {
    RaftLog.connect("here", new Elsewhere());
    var engine = new DefaultRaftClientService(new ReplicatorGroupImpl());
    assertThat(engine.init(settings())).isTrue();
    InstallSnapshotRequest request =
        InstallSnapshotRequest.newBuilder()
            .setGroupId("g")
            .setServerId("here:1")
            .setPeerId("there:1")
            .setTerm(1)
            .setMeta(SnapshotMeta.newBuilder().setLastIncludedIndex(1).setLastIncludedTerm(1))
            .setUri("remote://here:1/1")
            .build();
    var unused =
        engine.installSnapshot(
            RaftNetwork.peer("there").getEndpoint(),
            request,
            new RpcResponseClosureAdapter<InstallSnapshotResponse>() {
              @Override
              public void run(Status status) {}
            });
    assertThat(waited.join()).isGreaterThanOrEqualTo(Duration.ofHours(12));
    engine.shutdown();
  }
}
