using Moldau.Storage.Files;

namespace Moldau.Storage.Facts.Journal;

/// <summary>A history as a whole file: header, the keys of the lowest revision, the revisions after it, seal.</summary>
internal static class WholeFile
{
    private const int FrameSize = 256 * 1024;

    /// <summary>Writes and flushes it.</summary>
    /// <returns>Its length.</returns>
    public static long Write(IFile file, FactHistory history, byte[] header)
    {
        var seed = FileHeader.SeedOf(header);
        file.Write(0, header);
        var end = (long)header.Length;
        var payload = new ByteWriter();

        BeginEntries(payload, history.Lowest.Revision);
        foreach (var entry in history.Lowest.Image.Entries)
        {
            payload.Entry(entry);
            if (payload.Length < FrameSize) continue;
            end = WriteFrame(file, end, payload, seed);
            BeginEntries(payload, history.Lowest.Revision);
        }

        end = WriteFrame(file, end, payload, seed);

        ChangeRecords.Begin(payload);
        for (var revision = history.Lowest.Revision + 1; revision <= history.Latest.Revision; revision++)
        {
            ChangeRecords.Add(payload, history.At(revision));
            if (payload.Length < FrameSize) continue;
            end = WriteFrame(file, end, payload, seed);
            ChangeRecords.Begin(payload);
        }

        if (payload.Length > 1) end = WriteFrame(file, end, payload, seed);

        payload.Clear();
        payload.Byte((byte)FrameKind.Seal);
        payload.Int64(history.Latest.Revision);
        payload.Int32(history.Latest.Image.Entries.Count);
        end = WriteFrame(file, end, payload, seed);
        file.Flush();
        return end;
    }

    private static void BeginEntries(ByteWriter payload, long revision)
    {
        payload.Clear();
        payload.Byte((byte)FrameKind.Entries);
        payload.Int64(revision);
    }

    private static long WriteFrame(IFile file, long end, ByteWriter payload, uint seed)
    {
        var frame = Frame.Build(payload.Written, seed);
        file.Write(end, frame);
        return end + frame.Length;
    }
}
