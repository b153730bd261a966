package io.millrace.cluster;

import com.hazelcast.config.SerializationConfig;
import com.hazelcast.config.SerializerConfig;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import io.millrace.cluster.RoleLeases.Grant;
import io.millrace.cluster.StreamRegistry.Claim;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** All that travels between nodes, field by field. */
final class HazelcastSerializers {
    private HazelcastSerializers() {}

    static void addTo(SerializationConfig config) {
        add(config, ClaimEntry.class, 1001, HazelcastSerializers::write, HazelcastSerializers::claimEntry);
        add(config, LeaseEntry.class, 1002, HazelcastSerializers::write, HazelcastSerializers::leaseEntry);
        add(config, ClaimChange.class, 1003, HazelcastSerializers::write, HazelcastSerializers::claimChange);
        add(config, LeaseChange.class, 1004, HazelcastSerializers::write, HazelcastSerializers::leaseChange);
        add(config, ConnectionFact.class, 1005, HazelcastSerializers::write, HazelcastSerializers::connectionFact);
        add(config, NodeReport.class, 1006, HazelcastSerializers::write, HazelcastSerializers::nodeReport);
        add(
                config,
                ChangeProcessor.class,
                1007,
                (out, processor) -> {
                    out.writeObject(processor.change());
                    out.writeString(processor.unlessMember());
                },
                in -> new ChangeProcessor<>(Objects.requireNonNull(in.readObject()), in.readString()));
        add(config, RemoveFact.class, 1008, (out, processor) -> {}, in -> new RemoveFact());
        add(config, SharedRecord.class, 1009, HazelcastSerializers::write, HazelcastSerializers::sharedRecord);
        add(
                config,
                OfferChange.class,
                1010,
                (out, change) -> write(out, change.offered()),
                in -> new OfferChange(sharedRecord(in)));
    }

    private static <T> void add(
            SerializationConfig config,
            Class<T> type,
            int typeId,
            RecordSerializer.Writer<T> writer,
            RecordSerializer.Reader<T> reader) {
        config.addSerializerConfig(new SerializerConfig()
                .setTypeClass(type)
                .setImplementation(new RecordSerializer<>(typeId, writer, reader)));
    }

    private static void write(ObjectDataOutput out, NodeIdentity node) throws IOException {
        out.writeString(node.nodeId());
        out.writeString(node.incarnation());
        out.writeString(HazelcastConfigs.text(node.srtAddress()));
        out.writeString(HazelcastConfigs.text(node.httpAddress()));
    }

    private static NodeIdentity nodeIdentity(ObjectDataInput in) throws IOException {
        return new NodeIdentity(
                string(in), string(in), HazelcastConfigs.address(string(in)), HazelcastConfigs.address(string(in)));
    }

    private static void write(ObjectDataOutput out, ClaimEntry entry) throws IOException {
        Claim claim = entry.claim();
        out.writeString(claim.streamName());
        write(out, claim.node());
        out.writeLong(claim.epoch());
        out.writeString(claim.identity());
        out.writeLong(entry.requestId());
        out.writeLong(entry.predecessorEpoch());
        out.writeLong(entry.version());
        out.writeBoolean(entry.silent());
        out.writeBoolean(entry.released());
    }

    private static ClaimEntry claimEntry(ObjectDataInput in) throws IOException {
        Claim claim = new Claim(string(in), nodeIdentity(in), in.readLong(), string(in));
        return new ClaimEntry(claim, in.readLong(), in.readLong(), in.readLong(), in.readBoolean(), in.readBoolean());
    }

    private static void write(ObjectDataOutput out, ClaimChange change) throws IOException {
        out.writeString(change.kind().name());
        write(out, change.entry());
        out.writeLong(change.deadEpoch());
    }

    private static ClaimChange claimChange(ObjectDataInput in) throws IOException {
        return new ClaimChange(ClaimChange.Kind.valueOf(string(in)), claimEntry(in), in.readLong());
    }

    private static void write(ObjectDataOutput out, Grant grant) throws IOException {
        out.writeString(grant.role());
        write(out, grant.node());
        out.writeLong(grant.epoch());
    }

    private static Grant grant(ObjectDataInput in) throws IOException {
        return new Grant(string(in), nodeIdentity(in), in.readLong());
    }

    private static void write(ObjectDataOutput out, LeaseEntry entry) throws IOException {
        write(out, entry.grant());
        out.writeLong(entry.version());
        out.writeBoolean(entry.released());
        out.writeString(entry.successor());
    }

    private static LeaseEntry leaseEntry(ObjectDataInput in) throws IOException {
        return new LeaseEntry(grant(in), in.readLong(), in.readBoolean(), string(in));
    }

    private static void write(ObjectDataOutput out, LeaseChange change) throws IOException {
        out.writeString(change.kind().name());
        write(out, change.grant());
        out.writeLong(change.seenEpoch());
        out.writeLong(change.seenVersion());
        out.writeString(change.successor());
    }

    private static LeaseChange leaseChange(ObjectDataInput in) throws IOException {
        return new LeaseChange(
                LeaseChange.Kind.valueOf(string(in)), grant(in), in.readLong(), in.readLong(), string(in));
    }

    private static void write(ObjectDataOutput out, ConnectionFact fact) throws IOException {
        out.writeString(fact.incarnation());
        out.writeString(fact.role());
        out.writeLong(fact.epoch());
        out.writeInt(fact.localSocketId());
        writeResolved(out, fact.peer());
        out.writeInt(fact.peerSocketId());
        writeResolved(out, fact.called());
        out.writeString(fact.streamName());
    }

    private static ConnectionFact connectionFact(ObjectDataInput in) throws IOException {
        String incarnation = string(in);
        String role = string(in);
        long epoch = in.readLong();
        int localSocketId = in.readInt();
        return new ConnectionFact(
                incarnation, role, epoch, localSocketId, resolved(in), in.readInt(), resolved(in), string(in));
    }

    private static void writeResolved(ObjectDataOutput out, InetSocketAddress address) throws IOException {
        out.writeByteArray(address.getAddress().getAddress());
        out.writeInt(address.getPort());
    }

    private static InetSocketAddress resolved(ObjectDataInput in) throws IOException {
        InetAddress address = InetAddress.getByAddress(in.readByteArray());
        return new InetSocketAddress(address, in.readInt());
    }

    private static void write(ObjectDataOutput out, SharedRecord shared) throws IOException {
        out.writeLong(shared.version());
        out.writeString(shared.text());
        out.writeLong(shared.expiresMillis());
    }

    private static SharedRecord sharedRecord(ObjectDataInput in) throws IOException {
        return new SharedRecord(in.readLong(), string(in), in.readLong());
    }

    private static void write(ObjectDataOutput out, NodeReport report) throws IOException {
        out.writeString(report.incarnation());
        out.writeBoolean(report.draining());
        out.writeLong(report.load().egressBitsPerSecond());
        out.writeInt(report.load().publishers());
        out.writeInt(report.load().subscribers());
        List<PulledStream> pulls = report.load().pulls();
        out.writeInt(pulls.size());
        for (PulledStream pull : pulls) {
            out.writeString(pull.streamName());
            out.writeString(pull.fromNodeId());
            out.writeLong(pull.rttMicros());
            out.writeInt(pull.lostPerMillion());
            out.writeLong(pull.bitsPerSecond());
        }
    }

    private static NodeReport nodeReport(ObjectDataInput in) throws IOException {
        String incarnation = string(in);
        boolean draining = in.readBoolean();
        long egressBitsPerSecond = in.readLong();
        int publishers = in.readInt();
        int subscribers = in.readInt();
        int pulls = in.readInt();
        if (pulls < 0 || pulls > NodeLoad.MOST_PULLS) {
            throw new IOException("a node that pulls " + pulls + " streams");
        }
        List<PulledStream> pulled = new ArrayList<>();
        for (int i = 0; i < pulls; i++) {
            pulled.add(new PulledStream(string(in), string(in), in.readLong(), in.readInt(), in.readLong()));
        }
        return new NodeReport(
                incarnation, draining, new NodeLoad(egressBitsPerSecond, publishers, subscribers, pulled));
    }

    private static String string(ObjectDataInput in) throws IOException {
        @Nullable String text = in.readString();
        if (text == null) {
            throw new IOException("a text is missing");
        }
        return text;
    }
}
