package dev.kindstead.replication;

import com.alipay.sofa.jraft.error.RaftError;
import com.alipay.sofa.jraft.option.RaftOptions;
import com.alipay.sofa.jraft.option.SnapshotCopierOptions;
import com.alipay.sofa.jraft.storage.snapshot.SnapshotCopier;
import com.alipay.sofa.jraft.storage.snapshot.SnapshotWriter;
import com.alipay.sofa.jraft.storage.snapshot.local.LocalSnapshotCopier;
import com.alipay.sofa.jraft.storage.snapshot.local.LocalSnapshotStorage;
import com.alipay.sofa.jraft.storage.snapshot.local.LocalSnapshotWriter;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * JRaft's directories of checkpoints, with one thing added: what another member sent is verified
 * before it becomes this member's last checkpoint. JRaft compares no checksums, and when it fails
 * to finish a transfer it goes on with the checkpoint before, as if that were the one it was sent.
 * Here the transfer fails and its files go, so that the leader tries again.
 */
final class RaftCheckpointStorage extends LocalSnapshotStorage {
  private static final Logger LOG = LoggerFactory.getLogger(RaftCheckpointStorage.class);

  private final RaftOptions options;

  /** The last transfer; JRaft runs one at a time. */
  private volatile @Nullable SnapshotCopier transfer;

  RaftCheckpointStorage(String directory, RaftOptions options) {
    super(directory, "", options);
    this.options = options;
  }

  @Override
  public @Nullable SnapshotCopier startToCopyFrom(String uri, SnapshotCopierOptions copierOptions) {
    var copier = new LocalSnapshotCopier();
    copier.setStorage(this);
    if (!copier.init(uri, copierOptions)) {
      return null;
    }
    transfer = copier;
    copier.start();
    return copier;
  }

  /** For a checkpoint of our own. */
  @Override
  public SnapshotWriter create() {
    return super.create(true);
  }

  /** For one that is transferred: never on top of what an earlier transfer left. */
  @Override
  public @Nullable SnapshotWriter create(boolean fromEmpty) {
    SnapshotWriter emptied = super.create(true);
    SnapshotCopier copier = transfer;
    if (emptied == null || copier == null) {
      return null;
    }
    var received = new Received(emptied.getPath(), this, options, copier);
    return received.init(null) ? received : null;
  }

  /** What a transfer writes. */
  private static final class Received extends LocalSnapshotWriter {
    private final SnapshotCopier copier;

    Received(
        String path, RaftCheckpointStorage storage, RaftOptions options, SnapshotCopier copier) {
      super(path, storage, options);
      this.copier = copier;
    }

    @Override
    public void close(boolean keepDataOnError) throws IOException {
      try {
        if (isOk()) {
          RaftCheckpoint.open(Path.of(getPath())).verify();
        }
      } catch (IOException | RuntimeException damage) {
        LOG.error("a checkpoint from another member is refused", damage);
        setError(RaftError.EINVAL, "refused: %s", damage.getMessage());
        refuse(damage);
      }
      try {
        super.close(keepDataOnError);
      } catch (IOException | RuntimeException failure) {
        refuse(failure);
        throw failure;
      }
    }

    /** Not EIO: JRaft would stop this replica, whose own disk may be as good as new. */
    private void refuse(Exception why) {
      if (copier.isOk()) {
        copier.setError(RaftError.EINVAL, "not received: %s", why.getMessage());
      }
    }
  }
}
