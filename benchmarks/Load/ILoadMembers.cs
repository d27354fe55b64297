namespace Moldau.Bench.Load;

/// <summary>Members of groups, of either protocol, as a row has to do with them.</summary>
internal interface ILoadMembers : IDisposable
{
    /// <summary>Nobody is heard of, as somebody else has his turn.</summary>
    void Rest();

    void Wake();

    void Leave();
}
