package io.millrace.cluster;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.StreamSerializer;
import java.io.IOException;

/**
 * How one type travels between nodes. Nodes of two releases meet during a rolling restart: a type that changes its
 * fields needs a new id.
 */
final class RecordSerializer<T> implements StreamSerializer<T> {
    private final int typeId;
    private final Writer<T> writer;
    private final Reader<T> reader;

    interface Writer<T> {
        void write(ObjectDataOutput out, T value) throws IOException;
    }

    interface Reader<T> {
        T read(ObjectDataInput in) throws IOException;
    }

    RecordSerializer(int typeId, Writer<T> writer, Reader<T> reader) {
        this.typeId = typeId;
        this.writer = writer;
        this.reader = reader;
    }

    @Override
    public int getTypeId() {
        return typeId;
    }

    @Override
    public void write(ObjectDataOutput out, T value) throws IOException {
        writer.write(out, value);
    }

    @Override
    public T read(ObjectDataInput in) throws IOException {
        return reader.read(in);
    }
}
