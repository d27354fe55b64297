namespace Moldau.Bench.Load;

/// <summary>Asks for a coordinator until there is one: the first question makes its topic.</summary>
internal static class Coordinator
{
    public const byte OfGroups = 0;
    public const byte OfTransactions = 1;

    public const short LoadInProgress = 14;
    public const short NotAvailable = 15;
    public const short NotCoordinator = 16;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Whether the same question may be answered a little later.</summary>
    public static bool IsComing(short error) => error is LoadInProgress or NotAvailable or NotCoordinator;

    public static void Await(int port, string id, byte type)
    {
        using var connection = new LoadConnection(port);
        for (var patience = TimeSpan.FromMinutes(1); ; patience -= Pause)
        {
            connection.Send(GroupRequests.FindCoordinator(id, type));
            var reply = new WireReader(connection.Receive());
            reply.Int32();
            var error = reply.Int16();
            if (error == 0) return;
            if (!IsComing(error) || patience < TimeSpan.Zero) throw new InvalidOperationException($"asked for a coordinator the broker answers with error {error}");
            Thread.Sleep(Pause);
        }
    }
}
