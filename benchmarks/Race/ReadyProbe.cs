using System.Diagnostics;
using System.Net.Sockets;
using Moldau.Bench.Load;

namespace Moldau.Bench.Race;

/// <summary>
/// Asks from the first moment on until everything is served: each partition's last record was read, and a record written to
/// all in-sync replicas was acknowledged.
/// </summary>
internal static class ReadyProbe
{
    private const short InSync = -1;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(2);

    /// <returns>Seconds since then.</returns>
    public static double Wait(int port, string topic, int partitions, long started)
    {
        while (true)
        {
            try
            {
                using var connection = new LoadConnection(port, 8 << 20);
                if (IsServed(connection, topic, partitions)) return Stopwatch.GetElapsedTime(started).TotalSeconds;
            }
            catch (Exception exception) when (exception is SocketException or IOException or InvalidOperationException)
            {
                // Not yet.
            }

            if (Stopwatch.GetElapsedTime(started) > Patience) throw new TimeoutException($"not everything was served on port {port} within {Patience}");
            Thread.Sleep(Pause);
        }
    }

    private static bool IsServed(LoadConnection connection, string topic, int partitions)
    {
        connection.Send(Wire.ListOffsets(topic, partitions).Finish());
        var ends = new List<(int Partition, long Offset)>();
        var reply = new WireReader(connection.Receive());
        for (var topics = reply.Int32(); topics > 0; topics--)
        {
            reply.SkipText();
            for (var count = reply.Int32(); count > 0; count--)
            {
                var partition = reply.Int32();
                if (reply.Int16() != 0) return false;
                reply.Int64();
                if (reply.Int64() is var end and > 0) ends.Add((partition, end - 1));
            }
        }

        foreach (var end in ends)
        {
            connection.Send(Wire.Fetch(topic, [end], 1 << 20, waitMilliseconds: 0).Finish());
            if (connection.Receive().Length < 100) return false;
        }

        var parts = new List<ArraySegment<byte>>();
        PreparedRequests.OfOneRecord(InSync, topic, 1, recordBytes: 100).Next(parts);
        connection.Send(parts[0]);
        ProduceReply.EnsureTaken(connection.Receive());
        return true;
    }
}
