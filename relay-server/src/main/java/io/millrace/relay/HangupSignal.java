package io.millrace.relay;

import java.lang.reflect.Proxy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * SIGHUP, by which services are told to read their configuration again. Java's only way to hear of it is in a package that
 * the compiler warns of, and that a platform may lack: hence reflection.
 */
final class HangupSignal {
    private static final Logger LOG = LoggerFactory.getLogger(HangupSignal.class);

    private HangupSignal() {}

    /** Has this called at every SIGHUP, on a thread of the JVM's. Where there is no such signal, never. */
    static void onEach(Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object listener = Proxy.newProxyInstance(
                    HangupSignal.class.getClassLoader(), new Class<?>[] {handler}, (proxy, method, arguments) -> {
                        if (method.getName().equals("handle")) {
                            action.run();
                        }
                        return null;
                    });
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance("HUP"), listener);
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOG.info("no SIGHUP here; the configuration is reloaded when its file changes, and through the API");
            LOG.debug("registering for SIGHUP", e);
        }
    }
}
