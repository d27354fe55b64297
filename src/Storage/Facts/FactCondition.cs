namespace Moldau.Storage.Facts;

/// <summary>What must hold of a key for a transaction to be applied. A key that is missing has revisions 0, as in etcd.</summary>
public sealed record FactCondition
{
    private FactCondition(FactConditionKind kind, string key, long revision)
    {
        Kind = kind;
        Key = key;
        Revision = revision;
    }

    public FactConditionKind Kind { get; }

    public string Key { get; }

    public long Revision { get; }

    public static FactCondition Exists(string key) => new(FactConditionKind.Exists, key, 0);

    public static FactCondition Missing(string key) => new(FactConditionKind.Missing, key, 0);

    public static FactCondition ModRevision(string key, long revision) => new(FactConditionKind.ModRevision, key, revision);

    public static FactCondition CreateRevision(string key, long revision) => new(FactConditionKind.CreateRevision, key, revision);

    internal bool HoldsFor(FactEntry? entry) => Kind switch
    {
        FactConditionKind.Exists => entry is not null,
        FactConditionKind.Missing => entry is null,
        FactConditionKind.ModRevision => (entry?.ModRevision ?? 0) == Revision,
        _ => (entry?.CreateRevision ?? 0) == Revision,
    };
}
