package dev.kindstead.replication;

import com.alipay.sofa.jraft.ReplicatorGroup;
import com.alipay.sofa.jraft.error.InvokeTimeoutException;
import com.alipay.sofa.jraft.error.RemotingException;
import com.alipay.sofa.jraft.option.RpcOptions;
import com.alipay.sofa.jraft.rpc.InvokeCallback;
import com.alipay.sofa.jraft.rpc.InvokeContext;
import com.alipay.sofa.jraft.rpc.RpcClient;
import com.alipay.sofa.jraft.util.Endpoint;
import dev.kindstead.environment.Network;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The sending side of one replica. Thread-safe. */
final class RaftNetworkClient implements RpcClient {
  private final RaftNetwork network;

  RaftNetworkClient(RaftNetwork network) {
    this.network = network;
  }

  @Override
  public boolean init(RpcOptions options) {
    return true;
  }

  @Override
  public void shutdown() {}

  @Override
  public boolean checkConnection(Endpoint endpoint) {
    return network.serverOf(endpoint) != null || network.network() != null;
  }

  @Override
  public boolean checkConnection(Endpoint endpoint, boolean createIfAbsent) {
    return checkConnection(endpoint);
  }

  @Override
  public void closeConnection(Endpoint endpoint) {
    RaftNetworkServer server = network.serverOf(endpoint);
    if (server != null) {
      var unused = server.disconnect(this);
    }
  }

  /** Only speeds up reconnecting; JRaft also finds a node that is back by its heartbeats. */
  @Override
  public void registerConnectEventListener(ReplicatorGroup replicators) {}

  @Override
  public Object invokeSync(
      Endpoint endpoint, Object request, @Nullable InvokeContext context, long timeoutMillis)
      throws InterruptedException, RemotingException {
    try {
      return send(endpoint, request, timeoutMillis).get(timeoutMillis, TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new RemotingException(e.getCause());
    } catch (TimeoutException e) {
      throw new InvokeTimeoutException(e);
    }
  }

  @Override
  public void invokeAsync(
      Endpoint endpoint,
      Object request,
      @Nullable InvokeContext context,
      InvokeCallback callback,
      long timeoutMillis) {
    Executor executor = callback.executor() == null ? Runnable::run : callback.executor();
    var unused =
        send(endpoint, request, timeoutMillis)
            .whenCompleteAsync(
                (response, failure) ->
                    callback.complete(
                        response,
                        failure instanceof TimeoutException
                            ? new InvokeTimeoutException(failure)
                            : failure),
                executor);
  }

  private CompletableFuture<Object> send(Endpoint endpoint, Object request, long timeoutMillis) {
    RaftNetworkServer server = network.serverOf(endpoint);
    if (server != null) {
      return deliver(server, request).orTimeout(timeoutMillis, TimeUnit.MILLISECONDS);
    }
    Network others = network.network();
    if (others == null) {
      return CompletableFuture.failedFuture(
          new RemotingException("node " + endpoint.getIp() + " is not reachable"));
    }
    return others
        .call(
            endpoint.getIp(),
            Network.Service.REPLICATION,
            RaftMessages.encode(request),
            Duration.ofMillis(timeoutMillis))
        .thenApply(RaftMessages::decode);
  }

  private CompletableFuture<Object> deliver(RaftNetworkServer server, Object request) {
    var answer = new CompletableFuture<Object>();
    try {
      server.deliver(this, request, answer::complete);
    } catch (RuntimeException failure) {
      answer.completeExceptionally(failure);
    }
    return answer;
  }
}
