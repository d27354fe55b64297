using Moldau.Storage.Files;

namespace Moldau.Storage.Facts.Journal;

/// <summary>
/// Reads a store's file and decides what of it stays. Nothing is changed here; a test for each row.
/// <code>
/// #   found                                             done
/// D1  no file                                           a new, empty store
/// D2  a temporary file (a snapshot that was not named)  removed: what it was made from is whole
/// D3  a header that is short or damaged                 refused: a file has its header before it has its name
/// D4  a newer format                                    refused, naming both
/// D5  an unsound frame before the seal                  refused: all of it was durable before the file got its name
/// D6  sound frames to the end                           nothing is cut
/// D7  zeros to the end                                  cut, reported (a length that reached the disk before its data)
/// D8  an unsound frame, and nothing sound behind it     torn: cut, kept aside as .cut, reported
/// D9  an unsound frame with a sound one behind it       refused: a frame is written only when the one before is durable
/// D10 a sound frame that does not follow the last one   refused: revisions are missing or come twice
/// </code>
/// D7 and D8 cannot touch what was acknowledged on a disk that keeps what it flushed. Damage to the very last frame looks
/// like a torn one; hence it is kept and reported.
/// </summary>
internal static class FileReading
{
    public static FileContent Read(IFile file)
    {
        var bytes = new byte[checked((int)file.Length)];
        if (file.Read(0, bytes) != bytes.Length) throw Damaged(file.Path, 0, "the file became shorter while it was read");
        FileHeader.EnsureReadable(bytes, file.Path);
        return new Reader(file.Path, bytes).Read();
    }

    private static FactFileException Damaged(string path, long offset, string what) =>
        new(FactFileFault.Damaged, path, offset, $"{what}; acknowledged changes would be lost by going on: restore the file from a copy");

    private sealed class Reader(string path, byte[] bytes)
    {
        private readonly uint _seed = FileHeader.SeedOf(bytes);
        private readonly List<FactEntry> _entries = [];
        private long _lowest = -1;
        private FactHistory? _history;
        private int _sealedEnd = -1;

        public FileContent Read()
        {
            var position = FileHeader.Length;
            while (position < bytes.Length && Frame.TryRead(bytes.AsSpan(position), _seed, out var payload))
            {
                var end = position + Frame.HeadLength + payload.Length;
                try
                {
                    Take(payload, end);
                }
                catch (FormatException fault)
                {
                    throw Damaged(path, position, fault.Message);
                }

                position = end;
            }

            if (_sealedEnd < 0) throw Damaged(path, position, "the snapshot's frame here is damaged or missing");
            return new FileContent(_history!, _sealedEnd, position, bytes.Length, TailFrom(position), _seed);
        }

        private TailState TailFrom(int position)
        {
            var tail = bytes.AsSpan(position);
            if (tail.IsEmpty) return TailState.Whole;
            if (!tail.ContainsAnyExcept((byte)0)) return TailState.Zeros;
            var sound = Frame.IndexOfSound(tail, _seed);
            return sound < 0 ? TailState.Torn
                : throw Damaged(path, position, $"the frame here is damaged, and a sound one stands behind it at byte {position + sound}");
        }

        private void Take(ReadOnlySpan<byte> payload, int end)
        {
            var reader = new ByteReader(payload);
            var kind = (FrameKind)reader.Byte();
            switch (kind)
            {
                case FrameKind.Entries when _history is null:
                    _lowest = reader.Int64();
                    while (!reader.IsAtEnd) _entries.Add(reader.Entry());
                    break;
                case FrameKind.Changes when _lowest >= 0:
                    _history = ChangeRecords.Replay(History(), ref reader);
                    break;
                case FrameKind.Seal when _lowest >= 0 && _sealedEnd < 0:
                    _history = History();
                    EnsureSealed(_history.Latest, reader.Int64(), reader.Int32());
                    _sealedEnd = end;
                    break;
                default:
                    throw new FormatException($"a frame of kind {(byte)kind} does not belong here");
            }
        }

        private FactHistory History() => _history ?? FactHistory.StartingAt(_lowest, FactImage.Of(_entries));

        private static void EnsureSealed(FactRevision latest, long revision, int count)
        {
            if (latest.Revision != revision || latest.Image.Entries.Count != count)
            {
                throw new FormatException(
                    $"the seal speaks of revision {revision} and {count} keys, the frames before it hold revision {latest.Revision} and {latest.Image.Entries.Count} keys");
            }
        }
    }
}
