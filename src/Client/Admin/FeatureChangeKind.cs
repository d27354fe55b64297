namespace Moldau.Client.Admin;

/// <summary>In which direction a feature may be changed.</summary>
public enum FeatureChangeKind
{
    Upgrade = 1,

    /// <summary>Down, where nothing is lost.</summary>
    SafeDowngrade = 2,

    /// <summary>Down, whatever is lost.</summary>
    UnsafeDowngrade = 3,
}
