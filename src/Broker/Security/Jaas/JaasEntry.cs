namespace Moldau.Broker.Security.Jaas;

/// <summary>A login module and its options. No record, which would print passwords.</summary>
public sealed class JaasEntry(string module, IReadOnlyDictionary<string, string> options)
{
    /// <summary>The name of a Java class.</summary>
    public string Module { get; } = module;

    public IReadOnlyDictionary<string, string> Options { get; } = options;

    /// <summary>Without its package, which differs among vendors.</summary>
    public string ShortModule => Module[(Module.LastIndexOf('.') + 1)..];
}
