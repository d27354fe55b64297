using Moldau.Storage.Files;

namespace Moldau.Unit.Storage.Simulation;

/// <summary>Looks how soon the simulation notices a fault: with the seeds from 0 on, so that it is the same each time.</summary>
internal static class BreakHunt
{
    /// <summary>For a fault that is in the room itself.</summary>
    public static string[] InRoom(int seeds, int enough) => OnDisk(seeds, enough, null);

    /// <param name="seeds">So many at most.</param>
    /// <param name="enough">With so many of them the fault counts as noticed.</param>
    /// <param name="wrap">Puts it in.</param>
    /// <returns>The seeds that noticed, each with what it had to say.</returns>
    public static string[] OnDisk(int seeds, int enough, Func<IFileSystem, IFileSystem>? wrap)
    {
        var noticed = new List<string>();
        for (var seed = 0; seed < seeds && noticed.Count < enough; seed++)
        {
            try
            {
                new LogSimulation(seed, new Happenings(), wrap).Run();
            }
            catch (BrokenGuaranteeException broken)
            {
                noticed.Add($"seed {seed}: {broken.Message}");
            }
        }

        return [.. noticed];
    }
}
