namespace Moldau.Storage.Facts.Journal;

/// <summary>The payload of a frame of changes.</summary>
internal static class ChangeRecords
{
    public static void Begin(ByteWriter payload)
    {
        payload.Clear();
        payload.Byte((byte)FrameKind.Changes);
    }

    public static void Add(ByteWriter payload, FactRevision revision)
    {
        payload.Byte((byte)RecordKind.Transaction);
        payload.Int64(revision.Revision);
        payload.Int32(revision.Changes.Count);
        foreach (var change in revision.Changes)
        {
            payload.Byte(change.Entry is null ? (byte)0 : (byte)1);
            if (change.Entry is null) payload.Bytes(FactKeyOrder.Encode(change.Key));
            else payload.Entry(change.Entry);
        }
    }

    public static void AddCompaction(ByteWriter payload, long revision)
    {
        payload.Byte((byte)RecordKind.Compaction);
        payload.Int64(revision);
    }

    /// <summary>The history after the records of the frame; <see cref="FormatException"/> where they do not follow it.</summary>
    public static FactHistory Replay(FactHistory history, ref ByteReader payload)
    {
        while (!payload.IsAtEnd)
        {
            var kind = (RecordKind)payload.Byte();
            var revision = payload.Int64();
            switch (kind)
            {
                case RecordKind.Transaction:
                    if (revision != history.Latest.Revision + 1)
                        throw new FormatException($"revision {revision} follows revision {history.Latest.Revision}");
                    history = history.With(history.Latest.After(ReadChanges(revision, ref payload)));
                    break;
                case RecordKind.Compaction:
                    if (revision > history.Latest.Revision)
                        throw new FormatException($"a compaction to revision {revision} stands behind revision {history.Latest.Revision}");
                    history = history.CompactedTo(revision);
                    break;
                default:
                    throw new FormatException($"a record of the unknown kind {(byte)kind}");
            }
        }

        return history;
    }

    private static List<FactChange> ReadChanges(long revision, ref ByteReader payload)
    {
        var count = payload.Int32();
        var changes = new List<FactChange>();
        for (var i = 0; i < count; i++)
        {
            if (payload.Byte() == 0)
            {
                changes.Add(new FactChange(revision, payload.Key(), null));
                continue;
            }

            var entry = payload.Entry();
            changes.Add(new FactChange(revision, entry.Key, entry));
        }

        return changes;
    }
}
