package io.millrace.relay.access;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** A TLS server with a certificate of its own making. */
final class TlsWithoutTrust {
    private static final String PASSWORD = "changeit";

    private TlsWithoutTrust() {}

    /** Accepts one connection after the other until it is closed. */
    static ServerSocket listen() throws Exception {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(selfSigned(), PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        ServerSocket server =
                context.getServerSocketFactory().createServerSocket(0, 10, InetAddress.getByName("localhost"));
        Thread thread = new Thread(() -> accept(server), "tls server");
        thread.setDaemon(true);
        thread.start();
        return server;
    }

    private static void accept(ServerSocket server) {
        while (!server.isClosed()) {
            try (SSLSocket socket = (SSLSocket) server.accept()) {
                socket.startHandshake();
                socket.getInputStream().read();
            } catch (IOException e) {
                // The client hung up, or the test is over.
            }
        }
    }

    private static KeyStore selfSigned() throws Exception {
        Path directory = Files.createTempDirectory("tls");
        Path file = directory.resolve("keys.p12");
        try {
            int exit = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "keytool")
                                    .toString(),
                            "-genkeypair",
                            "-alias",
                            "self",
                            "-keyalg",
                            "EC",
                            "-dname",
                            "CN=localhost",
                            "-ext",
                            "SAN=dns:localhost",
                            "-storetype",
                            "PKCS12",
                            "-storepass",
                            PASSWORD,
                            "-keystore",
                            file.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
            if (exit != 0) {
                throw new IOException("keytool failed with " + exit);
            }
            KeyStore store = KeyStore.getInstance("PKCS12");
            try (InputStream in = Files.newInputStream(file)) {
                store.load(in, PASSWORD.toCharArray());
            }
            return store;
        } finally {
            Files.deleteIfExists(file);
            Files.delete(directory);
        }
    }
}
