package io.millrace.relay.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.mockwebserver.dsl.HttpMethod;
import io.fabric8.mockwebserver.http.MockResponse;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class EndpointSlicesTest {
    private static final String SERVICE = "millrace-ingest-a";
    private static final String SLICE = MockApi.SLICES + "/" + SERVICE + "-millrace";

    @TempDir
    private static Path account;

    private static Vertx vertx;
    private static MockApi api;
    private static EndpointSlices slices;

    @BeforeAll
    static void start() throws Exception {
        vertx = Vertx.vertx();
        api = new MockApi(account);
        slices = api.client(vertx);
    }

    @BeforeEach
    void beginAnew() throws Exception {
        api.reset();
    }

    @AfterAll
    static void stop() throws Exception {
        done(vertx.close());
        api.close();
    }

    @Test
    void firstGrantMakesTheSlice() throws Exception {
        done(slices.point(SERVICE, 9001, "10.1.2.3", 5));

        EndpointSlice slice = api.slice(SERVICE);
        assertThat(slice.getMetadata().getName()).isEqualTo("millrace-ingest-a-millrace");
        assertThat(slice.getMetadata().getLabels())
                .containsOnly(
                        Map.entry("kubernetes.io/service-name", SERVICE),
                        Map.entry("endpointslice.kubernetes.io/managed-by", "millrace"));
        assertThat(slice.getMetadata().getAnnotations()).containsOnly(Map.entry("millrace.io/epoch", "5"));
        assertThat(slice.getAddressType()).isEqualTo("IPv4");
        assertThat(slice.getEndpoints()).singleElement().satisfies(endpoint -> {
            assertThat(endpoint.getAddresses()).containsExactly("10.1.2.3");
            assertThat(endpoint.getConditions().getReady()).isTrue();
            assertThat(endpoint.getNodeName()).isEqualTo("worker-7");
            assertThat(endpoint.getTargetRef().getKind()).isEqualTo("Pod");
            assertThat(endpoint.getTargetRef().getNamespace()).isEqualTo(MockApi.NAMESPACE);
            assertThat(endpoint.getTargetRef().getName()).isEqualTo("millrace-0");
        });
        assertThat(slice.getPorts()).singleElement().satisfies(port -> {
            assertThat(port.getName()).isEqualTo("srt");
            assertThat(port.getProtocol()).isEqualTo("UDP");
            assertThat(port.getPort()).isEqualTo(9001);
        });
        assertThat(api.methods()).containsExactly("GET", "POST");
    }

    @Test
    void typeOfTheAddressGoesByTheAddress() throws Exception {
        done(slices.point(SERVICE, 9001, "fd00:10:1::3", 5));

        assertThat(api.slice(SERVICE).getAddressType()).isEqualTo("IPv6");
    }

    @Test
    void takeOverIsOneWriteThatNamesWhatItReplaces() throws Exception {
        api.write(HttpMethod.POST, MockApi.SLICES, another(7));
        String version = api.slice(SERVICE).getMetadata().getResourceVersion();

        done(slices.point(SERVICE, 9001, "10.1.2.3", 8));

        assertThat(owner()).isEqualTo("10.1.2.3");
        assertThat(epoch()).isEqualTo("8");
        assertThat(api.methods()).containsExactly("GET", "PUT");
        assertThat(new JsonObject(api.asked().get(1).body())
                        .getJsonObject("metadata")
                        .getString("resourceVersion"))
                .isEqualTo(version);
    }

    @Test
    void whatIsWrittenAlreadyIsLeftAlone() throws Exception {
        done(slices.point(SERVICE, 9001, "10.1.2.3", 5));
        done(slices.point(SERVICE, 9001, "10.1.2.3", 5));

        assertThat(api.methods()).containsExactly("GET", "POST", "GET");
    }

    @Test
    void slicesOfALaterEpochAreNeverOverwritten() throws Exception {
        api.write(HttpMethod.POST, MockApi.SLICES, another(9));

        assertThat(failure(slices.point(SERVICE, 9001, "10.1.2.3", 8)))
                .isInstanceOf(SupersededException.class)
                .hasMessage("the EndpointSlice millrace-ingest-a-millrace was written under epoch 9, later than 8");
        assertThat(owner()).isEqualTo("10.9.9.9");
        assertThat(api.methods()).containsExactly("GET");
    }

    @Test
    void slicesWithoutASoundEpochAreNobodys() throws Exception {
        JsonObject damaged = another(9);
        damaged.getJsonObject("metadata").getJsonObject("annotations").put("millrace.io/epoch", "soon");
        api.write(HttpMethod.POST, MockApi.SLICES, damaged);

        done(slices.point(SERVICE, 9001, "10.1.2.3", 1));

        assertThat(owner()).isEqualTo("10.1.2.3");
    }

    @Test
    void whoeverWritesBetweenReadingAndWritingWinsByALaterEpoch() throws Exception {
        api.write(HttpMethod.POST, MockApi.SLICES, another(1));
        api.next(HttpMethod.PUT, () -> meanwhile(() -> api.write(HttpMethod.PUT, SLICE, another(9))));

        assertThat(failure(slices.point(SERVICE, 9001, "10.1.2.3", 8))).isInstanceOf(SupersededException.class);
        assertThat(owner()).isEqualTo("10.9.9.9");
        assertThat(api.methods()).containsExactly("GET", "PUT", "GET");
    }

    @Test
    void whoeverWritesBetweenReadingAndWritingLosesByAnEarlierEpoch() throws Exception {
        api.write(HttpMethod.POST, MockApi.SLICES, another(1));
        api.next(HttpMethod.PUT, () -> meanwhile(() -> api.write(HttpMethod.PUT, SLICE, another(7))));

        done(slices.point(SERVICE, 9001, "10.1.2.3", 8));

        assertThat(owner()).isEqualTo("10.1.2.3");
        assertThat(api.methods()).containsExactly("GET", "PUT", "GET", "PUT");
    }

    @Test
    void whoeverMakesTheSliceFirstIsReadThen() throws Exception {
        api.next(HttpMethod.POST, () -> meanwhile(() -> api.write(HttpMethod.POST, MockApi.SLICES, another(9))));

        assertThat(failure(slices.point(SERVICE, 9001, "10.1.2.3", 8))).isInstanceOf(SupersededException.class);
        assertThat(api.methods()).containsExactly("GET", "POST", "GET");
    }

    @Test
    void sliceThatIsDeletedMeanwhileIsMadeAgain() throws Exception {
        api.write(HttpMethod.POST, MockApi.SLICES, another(1));
        api.next(HttpMethod.PUT, () -> meanwhile(() -> api.delete(SERVICE)));

        done(slices.point(SERVICE, 9001, "10.1.2.3", 8));

        assertThat(owner()).isEqualTo("10.1.2.3");
        assertThat(api.methods()).containsExactly("GET", "PUT", "GET", "POST");
    }

    @Test
    void twoWhoTakeItAtOnceLeaveItToTheLaterEpoch() throws Exception {
        Future<Void> early = slices.point(SERVICE, 9001, "10.1.2.3", 8);
        Future<Void> late = slices.point(SERVICE, 9001, "10.4.5.6", 9);
        done(late);
        done(early.recover(failure ->
                failure instanceof SupersededException ? Future.succeededFuture() : Future.failedFuture(failure)));

        assertThat(owner()).isEqualTo("10.4.5.6");
        assertThat(epoch()).isEqualTo("9");
    }

    @Test
    void serverThatIsBusyIsAskedAgain() throws Exception {
        api.refuse(HttpMethod.GET, 503, "etcd is not reachable");
        api.refuse(HttpMethod.POST, 429, "too many requests");

        done(slices.point(SERVICE, 9001, "10.1.2.3", 8));

        assertThat(api.methods()).containsExactly("GET", "GET", "POST", "GET", "POST");
    }

    @Test
    void missingRightsAreSaidAtOnceInTheServersWords() throws Exception {
        api.refuse(HttpMethod.GET, 403, "endpointslices is forbidden:\n User x cannot get");

        assertThat(failure(slices.point(SERVICE, 9001, "10.1.2.3", 8)))
                .hasMessage(
                        "GET " + SLICE + " at the Kubernetes API: 403 endpointslices is forbidden:  User x cannot get");
        assertThat(api.methods()).containsExactly("GET");
    }

    @Test
    void answerThatIsNoObjectIsAFault() throws Exception {
        for (int i = 0; i < 6; i++) {
            api.next(
                    HttpMethod.GET,
                    () -> new MockResponse().setResponseCode(200).setBody("[1, 2"));
        }

        assertThat(failure(slices.point(SERVICE, 9001, "10.1.2.3", 8))).hasMessageContaining("no JSON object");
    }

    @Test
    void answerThatIsTooLongIsAFault() throws Exception {
        for (int i = 0; i < 6; i++) {
            api.next(
                    HttpMethod.GET,
                    () -> new MockResponse().setResponseCode(200).setBody(" ".repeat(300_000) + "{}"));
        }

        assertThat(failure(slices.point(SERVICE, 9001, "10.1.2.3", 8))).hasMessageContaining("longer than 262144");
    }

    @Test
    void serverThatIsGoneIsAFault() throws Exception {
        Map<String, String> environment = new HashMap<>(api.environment());
        environment.put("KUBERNETES_SERVICE_PORT", "1");
        EndpointSlices nowhere =
                EndpointSlices.inCluster(vertx, environment, account).orElseThrow();

        assertThat(failure(nowhere.point(SERVICE, 9001, "10.1.2.3", 8))).hasMessageContaining("Connection refused");
    }

    @Test
    void tokenIsReadAgainWhenItHasChanged() throws Exception {
        done(slices.point(SERVICE, 9001, "10.1.2.3", 5));
        api.setToken("second");
        done(slices.point(SERVICE, 9001, "10.1.2.3", 6));

        assertThat(api.asked())
                .extracting(MockApi.Asked::authorization)
                .containsExactly("Bearer first", "Bearer first", "Bearer second", "Bearer second");
    }

    @Test
    void serverThatTheAuthorityDoesNotVouchForIsToldNothing(@TempDir Path elsewhere) throws Exception {
        for (String file : List.of("token", "namespace")) {
            Files.copy(account.resolve(file), elsewhere.resolve(file));
        }
        // Somebody's who has nothing to do with this server.
        KeyStore publicAuthorities = KeyStore.getInstance(
                Path.of(System.getProperty("java.home"), "lib", "security", "cacerts")
                        .toFile(),
                (char[]) null);
        byte[] authority = publicAuthorities
                .getCertificate(publicAuthorities.aliases().nextElement())
                .getEncoded();
        Files.writeString(
                elsewhere.resolve("ca.crt"),
                "-----BEGIN CERTIFICATE-----\n" + Base64.getMimeEncoder().encodeToString(authority)
                        + "\n-----END CERTIFICATE-----\n");
        EndpointSlices deceived =
                EndpointSlices.inCluster(vertx, api.environment(), elsewhere).orElseThrow();

        assertThat(failure(deceived.point(SERVICE, 9001, "10.1.2.3", 5))).hasMessageContaining("Kubernetes API");
        assertThat(api.asked()).isEmpty();
    }

    @Test
    void addressOfTheServerMayBeOfIpVersion6() {
        Map<String, String> environment =
                Map.of("KUBERNETES_SERVICE_HOST", "fd00:10:96::1", "KUBERNETES_SERVICE_PORT", "443");

        assertThat(ServiceAccount.find(environment, account))
                .hasValueSatisfying(found -> assertThat(found.host()).isEqualTo("[fd00:10:96::1]"));
    }

    @Test
    void nothingCanBePointedOutsideOfAPod(@TempDir Path empty) {
        assertThat(EndpointSlices.inCluster(vertx, Map.of(), account)).isEmpty();
        assertThat(EndpointSlices.inCluster(vertx, api.environment(), empty)).isEmpty();
    }

    private static String owner() {
        return api.slice(SERVICE).getEndpoints().get(0).getAddresses().get(0);
    }

    private static String epoch() {
        return api.slice(SERVICE).getMetadata().getAnnotations().get("millrace.io/epoch");
    }

    /** The slice as another pod writes it, over whatever is there. */
    private static JsonObject another(long epoch) {
        PodIdentity pod = new PodIdentity(MockApi.NAMESPACE, "millrace-1", "worker-8");
        return new Slice(pod, SERVICE, 9001, "10.9.9.9", epoch).document(null);
    }

    private static MockResponse meanwhile(Runnable done) {
        done.run();
        return null;
    }

    private static void done(Future<?> future) throws Exception {
        future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private static Throwable failure(Future<?> future) {
        Throwable thrown = catchThrowable(() -> done(future));
        assertThat(thrown).isInstanceOf(ExecutionException.class);
        return thrown.getCause();
    }
}
