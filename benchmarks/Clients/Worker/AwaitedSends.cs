namespace Moldau.Bench.Clients.Worker;

/// <summary>Many who each write a record, wait until it is confirmed, and write the next.</summary>
internal static class AwaitedSends
{
    /// <param name="together">How many they are.</param>
    /// <param name="deadline">When they stop.</param>
    /// <param name="send">Writes one after the other until the end is seen, and tells how many: the loop is the client's own, so that nothing stands between.</param>
    public static async Task<long> RunAsync(int together, Deadline deadline, Func<SharedEnd, Task<long>> send)
    {
        var end = new SharedEnd();
        var senders = new Task<long>[together];
        for (var i = 0; i < together; i++) senders[i] = Task.Run(() => send(end));
        await Task.Delay(deadline.Length);
        end.IsOver = true;
        return (await Task.WhenAll(senders)).Sum();
    }
}
