using Moldau.Protocol.Errors;
using Moldau.Protocol.Records;

namespace Moldau.Client.Fetching;

/// <summary>From the bytes of an answer to its batches.</summary>
internal static class BatchDecoder
{
    /// <summary>How far whole batches go, by their headers alone, so that what follows can be asked for before they are read.</summary>
    /// <param name="bytes">The batches.</param>
    /// <param name="from">Where reading was.</param>
    /// <param name="isDamaged">Whether something that is none follows.</param>
    public static OffsetPosition Scan(ReadOnlySpan<byte> bytes, OffsetPosition from, out bool isDamaged)
    {
        isDamaged = false;
        var batches = new BatchReader(bytes);
        try
        {
            while (batches.MoveNext())
            {
                if (batches.Current.LastOffset >= from.Offset) from = new OffsetPosition(batches.Current.LastOffset + 1, batches.Current.LeaderEpoch);
            }
        }
        catch (InvalidBatchException)
        {
            // Told when what is before it was read.
            isDamaged = true;
        }

        return from;
    }

    /// <summary>The next batch of a part that has records to be shown.</summary>
    /// <param name="part">What is read on.</param>
    /// <param name="batch">Takes it.</param>
    /// <param name="end">Records from this offset on are not wanted.</param>
    /// <param name="limit">Bytes that a batch may unpack to.</param>
    /// <param name="passed">The offset behind what is not shown.</param>
    /// <returns>False where there is none.</returns>
    /// <exception cref="KafkaException">It is damaged.</exception>
    public static bool TryNext(FetchedPart part, FetchedBatch batch, long end, int limit, ref OffsetPosition passed)
    {
        try
        {
            while (part.Read < part.Records.Length)
            {
                var reader = new BatchReader(part.Records.Span[part.Read..]);
                if (!reader.MoveNext()) return false;
                var found = reader.Current;
                var at = part.Read;
                if (found.LastOffset >= part.From)
                {
                    found.EnsureChecksum();
                    var isHidden = part.Aborted?.Covers(found) == true || found.Attributes.IsControl;
                    if (!isHidden && found.BaseOffset < end)
                    {
                        batch.Fill(part, found, at, end, limit);
                    }

                    passed = new OffsetPosition(found.LastOffset + 1, found.LeaderEpoch);
                }

                part.Read = at + found.Bytes.Length;
                if (batch.Count > 0) return true;
                batch.Free();
            }

            return false;
        }
        catch (InvalidBatchException damaged)
        {
            throw new KafkaException(
                ErrorCode.CorruptMessage, $"what was read at offset {passed.Offset} is damaged: {damaged.Message}; seeking behind it passes it over", part.State.Where.ToString(), damaged) { IsTransient = false };
        }
    }
}
