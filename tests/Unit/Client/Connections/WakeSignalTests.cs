using Moldau.Client.Connections;
using Xunit;

namespace Moldau.Unit.Client.Connections;

public class WakeSignalTests
{
    [Fact]
    public void Who_lends_its_thread_comes_back_when_the_loop_waits_again()
    {
        var signal = new WakeSignal();
        var threads = new List<int>();
        var loop = LoopAsync(signal, () => threads.Add(Environment.CurrentManagedThreadId), 2);

        signal.WakeHere();
        Assert.Equal([Environment.CurrentManagedThreadId], threads);
        signal.WakeHere();

        Assert.Equal(2, threads.Count);
        Assert.True(loop.IsCompleted);
    }

    [Fact(Timeout = 60_000)]
    public async Task What_wakes_a_loop_at_work_is_looked_at_next_and_the_loan_ends_once()
    {
        var signal = new WakeSignal();
        var rounds = 0;
        var loans = new List<bool>();
        var loop = LoopAsync(
            signal,
            () =>
            {
                loans.Add(signal.EndLoan());
                // On its own thread, which must not begin a second round inside this one.
                if (rounds++ == 0) signal.WakeHere();
                Assert.Equal(rounds == 1, signal.IsWoken);
            },
            3);

        signal.WakeHere();
        Assert.Equal(2, rounds);
        signal.Wake();
        await loop;

        Assert.Equal([true, false, false], loans);
    }

    private static async Task LoopAsync(WakeSignal signal, Action look, int rounds)
    {
        for (; rounds > 0; rounds--)
        {
            await signal.WaitAsync();
            look();
        }
    }
}
