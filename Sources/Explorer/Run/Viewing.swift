package import Patterns

/// Which strategy is shown.
package enum Viewing: Hashable, Sendable {
  /// The latest step, or the user's edit of it.
  case live
  /// A step of a past episode; both count from 0.
  case past(episode: Int, step: Int)
  /// The planner's strategy for a target that was swept.
  case swept(Target)
}
