package dev.kindstead.replication;

import com.alipay.sofa.jraft.NodeManager;
import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.rpc.RaftRpcFactory;
import com.alipay.sofa.jraft.rpc.RaftRpcServerFactory;
import com.alipay.sofa.jraft.rpc.RpcClient;
import com.alipay.sofa.jraft.rpc.RpcServer;
import com.alipay.sofa.jraft.util.Endpoint;
import com.alipay.sofa.jraft.util.RpcFactoryHelper;
import com.alipay.sofa.jraft.util.SPI;
import dev.kindstead.environment.Network;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * How members reach each other: by logical node id; inside this process through method calls, else
 * over the {@link Network} between nodes. It replaces JRaft's Bolt and Hessian, so nothing listens
 * on a port of its own and nothing deserialises foreign objects.
 *
 * <p>JRaft finds it as a service and makes the one instance. It knows peers as host and port: the
 * host is the node id, the port means nothing. Thread-safe.
 */
@SPI(priority = 1)
public final class RaftNetwork implements RaftRpcFactory {
  private static final int MEANINGLESS_PORT = 1;

  /** Nodes in this process, and how many replicas each runs. */
  private final Map<Endpoint, Attached> attached = new HashMap<>();

  private @Nullable ExecutorService executor;
  private volatile @Nullable Network network;

  private static final class Attached {
    final RaftNetworkServer server;
    int replicas;

    Attached(RaftNetworkServer server) {
      this.server = server;
    }
  }

  static RaftNetwork instance() {
    return (RaftNetwork) RpcFactoryHelper.rpcFactory();
  }

  static PeerId peer(String nodeId) {
    return new PeerId(nodeId, MEANINGLESS_PORT);
  }

  /** Empty for JRaft's empty peer. */
  static String nodeId(PeerId peer) {
    return peer.isEmpty() ? "" : peer.getIp();
  }

  /** A replica of this node starts: from now on its node can be reached. */
  void join(PeerId peer) {
    synchronized (attached) {
      NodeManager.getInstance().addAddress(peer.getEndpoint());
      Attached node = attached.get(peer.getEndpoint());
      if (node == null) {
        node = new Attached(new RaftNetworkServer(executor()));
        RaftRpcServerFactory.addRaftRequestProcessors(node.server, executor(), executor());
        attached.put(peer.getEndpoint(), node);
      }
      node.replicas++;
    }
  }

  /** A replica has stopped; with the last one its node is gone. */
  void leave(PeerId peer) {
    synchronized (attached) {
      Attached node = attached.get(peer.getEndpoint());
      if (node != null && --node.replicas == 0) {
        attached.remove(peer.getEndpoint());
        node.server.shutdown();
        NodeManager.getInstance().removeAddress(peer.getEndpoint());
      }
    }
  }

  /**
   * Nodes of other processes are reached over this network from now on, and reach ours over it.
   *
   * @param nodeId this process's node
   */
  void connect(String nodeId, Network between) {
    network = between;
    between.serve(Network.Service.REPLICATION, new RaftNetworkReceiver(this, nodeId));
  }

  /** To be called before the network closes: nobody else can be reached any more. */
  void disconnect() {
    network = null;
  }

  /** The network to nodes of other processes, null without one. */
  @Nullable Network network() {
    return network;
  }

  /** The node's server in this process, or null. */
  @Nullable RaftNetworkServer serverOf(Endpoint endpoint) {
    synchronized (attached) {
      Attached node = attached.get(endpoint);
      return node == null ? null : node.server;
    }
  }

  /** Runs requests and answers, and what may wait; virtual threads: a group of one costs none. */
  synchronized ExecutorService executor() {
    if (executor == null) {
      executor =
          Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("raft-network-", 0).factory());
    }
    return executor;
  }

  @Override
  public void registerProtobufSerializer(String className, Object... arguments) {}

  @Override
  public RpcClient createRpcClient(@Nullable ConfigHelper<RpcClient> unused) {
    return new RaftNetworkClient(this);
  }

  @Override
  public RpcServer createRpcServer(Endpoint endpoint, @Nullable ConfigHelper<RpcServer> unused) {
    return new RaftNetworkServer(executor());
  }
}
