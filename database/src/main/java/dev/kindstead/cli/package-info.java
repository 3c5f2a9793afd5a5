/**
 * The commands of the kindstead program: what the user typed becomes a {@link
 * dev.kindstead.cli.Configuration}, and {@code dev} and {@code start} hand that to the server.
 *
 * <p>In the order a command line meets them: {@link dev.kindstead.cli.Kindstead} (the root command)
 * → {@link dev.kindstead.cli.ServeCommand} ({@code dev}, {@code start}) or {@link
 * dev.kindstead.cli.ConfigCommand} → {@link dev.kindstead.cli.ConfigurationSources} (flag over
 * environment over file over default) with {@link dev.kindstead.cli.ConfigurationFile} → {@link
 * dev.kindstead.cli.Configuration}, checked by {@link dev.kindstead.cli.ConfigurationRules}.
 *
 * <p>Beside them, {@code CertificateCommand} makes the certificates by which nodes know each other
 * ({@code CertificateAuthority}, {@code CertificateFiles}), and needs no server.
 *
 * <p>{@code DevCluster} runs {@code dev --nodes 3}: a process for each {@code DevNode}, what is to
 * be found again in a {@code DevDirectory}; {@code NodeCommand} plays with them.
 *
 * <p>{@code ClusterCommand} asks a running node about its cluster, {@code ClusterTables} shows it.
 *
 * <p><b>Invariants.</b> Every setting is declared once, in {@link dev.kindstead.cli.Setting}: its
 * flag, environment variable, file key, default and description cannot disagree. A value that can't
 * be understood, and a key nobody knows, stop the program before it touches anything. No address
 * outside loopback is listened on without TLS unless the user said so.
 *
 * <p>Elsewhere: what the settings mean to each room ({@code server}); finding a JDK and building
 * (the launcher script at the repository's root).
 */
@NullMarked
package dev.kindstead.cli;

import org.jspecify.annotations.NullMarked;
