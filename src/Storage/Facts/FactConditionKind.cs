namespace Moldau.Storage.Facts;

/// <summary>What a condition asks of a key.</summary>
public enum FactConditionKind
{
    Exists,
    Missing,
    ModRevision,
    CreateRevision,
}
